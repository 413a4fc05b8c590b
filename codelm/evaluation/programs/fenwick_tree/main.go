package main

import (
	"fmt"
	"math/bits"
)

// fenwickTree counts values that start at 1, so that index 0 stays unused.
type fenwickTree []int

func (sums fenwickTree) add(value, count int) {
	for ; value < len(sums); value += value & -value {
		sums[value] += count
	}
}

func (sums fenwickTree) upTo(value int) (total int) {
	for ; value > 0; value &= value - 1 {
		total += sums[value]
	}
	return total
}

func (sums fenwickTree) ranked(rank int) int {
	value := 0
	for step := 1 << bits.Len(uint(len(sums))); step > 0; step /= 2 {
		next := value + step
		if next < len(sums) && sums[next] < rank {
			rank -= sums[next]
			value = next
		}
	}
	return value + 1
}

func main() {
	ages := make(fenwickTree, 101)
	changes := []struct{ age, count int }{{34, 2}, {7, 1}, {100, 1}, {61, 3}, {7, -1}, {1, 4}, {64, 5}, {100, -1}}
	for _, change := range changes {
		ages.add(change.age, change.count)
		total := ages.upTo(100)
		median := ages.ranked((total + 1) / 2)
		fmt.Printf("%d people, %d minors, ", total, ages.upTo(17))
		fmt.Printf("median %d, oldest %d\n", median, ages.ranked(total))
	}
}
