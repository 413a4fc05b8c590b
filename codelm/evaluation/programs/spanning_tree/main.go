package main

import (
	"fmt"
	"slices"
)

type cable struct{ cost, one, other int }

type parts []int

func newParts(size int) parts {
	p := make(parts, size)
	for i := range p {
		p[i] = i
	}
	return p
}

func (p parts) root(house int) int {
	for p[house] != house {
		p[house] = p[p[house]]
		house = p[house]
	}
	return house
}

func (p parts) join(one, other int) bool {
	from, to := p.root(one), p.root(other)
	p[from] = to
	return from != to
}

func cheapestNetwork(size int, cables []cable) []cable {
	slices.SortStableFunc(cables, func(a, b cable) int { return a.cost - b.cost })
	p := newParts(size)
	return slices.DeleteFunc(cables, func(c cable) bool { return !p.join(c.one, c.other) })
}

func report(size int, cables ...cable) {
	total := 0
	chosen := cheapestNetwork(size, cables)
	for _, c := range chosen {
		fmt.Printf("%d-%d for %d\n", c.one, c.other, c.cost)
		total += c.cost
	}
	fmt.Printf("total %d, parts %d\n", total, size-len(chosen))
}

func main() {
	report(5, []cable{{7, 0, 1}, {3, 0, 2}, {1, 1, 2}, {5, 2, 3}, {2, 3, 4}}...)
	report(5, []cable{{9, 1, 2}, {9, 0, 2}, {9, 0, 1}, {0, 3, 4}}...)
}
