package main

import (
	"fmt"
	"slices"
)

type customer struct{ arrival, service int }

type event struct {
	time    int
	arrival *customer // nil when a clerk becomes free
}

func simulate(clerks int) {
	var events []event
	for i := range 9 {
		c := customer{i * 3 / 2, 1 + i*5%7}
		events = append(events, event{c.arrival, &c})
	}
	var line []*customer
	var waits []int
	longest, now := 0, 0
	for len(events) > 0 {
		next := events[0]
		events = events[1:]
		now = next.time
		if next.arrival == nil {
			clerks++
		} else {
			line = append(line, next.arrival)
		}
		if clerks > 0 && len(line) > 0 {
			clerks--
			served := line[0]
			line = line[1:]
			waits = append(waits, now-served.arrival)
			end := now + served.service
			i, _ := slices.BinarySearchFunc(events, end, func(e event, t int) int { return e.time - t })
			events = slices.Insert(events, i, event{time: end})
		}
		longest = max(longest, len(line))
	}
	fmt.Print("waits")
	for _, wait := range waits {
		fmt.Print(" ", wait)
	}
	fmt.Printf("\nlongest line %d, closed at %d\n", longest, now)
}

func main() {
	for clerks := range 4 {
		simulate(clerks + 1)
	}
}
