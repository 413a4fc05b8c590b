package main

import "fmt"

type item struct {
	name          string
	weight, value int
}

var items = []item{{"tent", 9, 15}, {"pan", 4, 7}, {"rope", 5, 8}, {"map", 0, 3}, {"lamp", 2, 2}}

// bestValues has a row for each number of items and a column for each capacity.
func bestValues(limit int) [][]int {
	table := [][]int{make([]int, limit+1)}
	for n, it := range items {
		above, row := table[n], make([]int, limit+1)
		for room, without := range above {
			row[room] = without
			if it.weight <= room {
				row[room] = max(without, above[room-it.weight]+it.value)
			}
		}
		table = append(table, row)
	}
	return table
}

func choose(table [][]int, room int) (chosen []item, spare int) {
	for n := len(items); n > 0; n-- {
		if table[n][room] > table[n-1][room] {
			chosen = append(chosen, items[n-1])
			room -= items[n-1].weight
		}
	}
	return chosen, room
}

func main() {
	table := bestValues(30)
	for _, capacity := range []int{0, 1, 5, 8, 9, 12, 19, 30} {
		chosen, spare := choose(table, capacity)
		fmt.Printf("%d kg: value %d, spare %d,", capacity, table[len(items)][capacity], spare)
		for _, it := range chosen {
			fmt.Print(" ", it.name)
		}
		fmt.Println()
	}
}
