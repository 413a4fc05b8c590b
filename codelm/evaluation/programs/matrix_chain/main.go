package main

import (
	"fmt"
	"strings"
)

type plan struct {
	cost  int64
	order string
}

func bestPlan(sizes []int64) plan {
	count := len(sizes) - 1
	best := make([][]plan, count)
	for first := count - 1; first >= 0; first-- {
		best[first] = make([]plan, count)
		best[first][first].order = string(rune('A' + first))
		for last := first + 1; last < count; last++ {
			cheapest := &best[first][last]
			for middle := first; middle < last; middle++ {
				left, right := best[first][middle], best[middle+1][last]
				cost := left.cost + right.cost + sizes[first]*sizes[middle+1]*sizes[last+1]
				if middle == first || cost < cheapest.cost {
					*cheapest = plan{cost, "(" + left.order + right.order + ")"}
				}
			}
		}
	}
	return best[0][count-1]
}

func main() {
	chains := [][]int64{
		{4, 7},
		{4, 7, 2},
		{40, 20, 30, 10, 30},
		{7, 7, 7, 7, 7},
		{30, 35, 15, 5, 10, 20, 25},
		{5000, 3000, 4000, 6000},
	}
	for _, sizes := range chains {
		best := bestPlan(sizes)
		fmt.Printf("%s: %s costs %d\n", strings.Trim(fmt.Sprint(sizes), "[]"), best.order, best.cost)
	}
}
