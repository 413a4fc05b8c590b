package main

import (
	"fmt"
	"slices"
	"strings"
)

type item struct {
	name         string
	count, price int
}

func table(stock []item) []string {
	total := item{name: "total"}
	for _, s := range stock {
		total.count += s.count
		total.price += s.price
	}
	rows := [][3]string{{"item", "count", "price"}}
	for _, s := range slices.Concat(stock, []item{total}) {
		rows = append(rows, [3]string{s.name, fmt.Sprint(s.count), fmt.Sprint(s.price)})
	}

	var widths [3]int
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var lines []string
	for _, row := range rows {
		line := fmt.Sprintf("%-*s  %*s  %*s", widths[0], row[0], widths[1], row[1], widths[2], row[2])
		lines = append(lines, line)
	}
	rule := strings.Repeat("-", len(lines[0]))
	lines = slices.Insert(lines, len(lines)-1, rule)
	return slices.Insert(lines, 1, rule)
}

func main() {
	stock := []item{{"hook", 250, 2000}, {"a long rope", 12, 23940}, {"returned", -3, -5}}
	for _, line := range append(table(stock), table(nil)...) {
		fmt.Println(line)
	}
}
