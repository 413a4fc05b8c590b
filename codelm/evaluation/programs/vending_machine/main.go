package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const price = 45

var coins = []int{50, 20, 10, 5}

type machine struct{ stock, credit int }

func (m *machine) handle(event string) string {
	coin, err := strconv.Atoi(event)
	switch {
	case event == "back":
		return "returned" + m.payOut()
	case event == "tea" && m.stock == 0:
		return "sold out"
	case event == "tea" && m.credit < price:
		return fmt.Sprintf("%d missing", price-m.credit)
	case event == "tea":
		m.stock--
		m.credit -= price
		return "served, change" + m.payOut()
	case err != nil || !slices.Contains(coins, coin):
		return "refused"
	}
	m.credit += coin
	return fmt.Sprint("credit ", m.credit)
}

func (m *machine) payOut() string {
	var out strings.Builder
	for _, coin := range coins {
		for ; m.credit >= coin; m.credit -= coin {
			fmt.Fprint(&out, " ", coin)
		}
	}
	return out.String()
}

func main() {
	m := machine{stock: 2}
	for _, event := range strings.Fields("tea 50 50 tea 3 20 20 tea 5 tea 10 tea back") {
		fmt.Printf("%s: %s\n", event, m.handle(event))
	}
}
