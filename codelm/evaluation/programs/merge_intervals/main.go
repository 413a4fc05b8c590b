package main

import (
	"fmt"
	"slices"
)

type span struct{ start, end int }

func (s span) String() string { return fmt.Sprintf("%d-%d", s.start, s.end) }

var closed = []span{{0, 8}, {18, 24}}

func merge(spans []span) []span {
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b span) int { return a.start - b.start })
	var merged []span
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && s.start <= merged[last].end {
			merged[last].end = max(merged[last].end, s.end)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

func gaps(busy []span) (free []span, hours int) {
	taken := merge(slices.Concat(closed, busy))
	for i, s := range taken[1:] {
		gap := span{taken[i].end, s.start}
		free = append(free, gap)
		hours += gap.end - gap.start
	}
	return free, hours
}

func show(label string, spans []span) {
	fmt.Print(label, ":")
	for _, s := range spans {
		fmt.Print(" ", s)
	}
	fmt.Println()
}

func main() {
	for _, spans := range [][]span{
		{{10, 12}, {9, 11}, {12, 13}, {16, 19}, {5, 7}},
		{},
		{{11, 18}, {8, 12}, {9, 10}},
	} {
		free, hours := gaps(spans)
		show("busy", merge(spans))
		show(fmt.Sprintf("free %dh", hours), free)
	}
}
