package main

import (
	"fmt"
	"maps"
	"slices"
)

// A cell's two digits are its row and its column.
type world map[int]bool

func (live world) step() world {
	crowd := map[int]int{}
	for cell := range live {
		for _, row := range []int{-10, 0, 10} {
			for column := -1; column <= 1; column++ {
				crowd[cell+row+column]++
			}
		}
	}
	next := world{}
	for cell, count := range crowd {
		if count == 3 || count == 4 && live[cell] {
			next[cell] = true
		}
	}
	return next
}

func (live world) draw() string {
	first := slices.Min(slices.Collect(maps.Keys(live)))
	var picture []byte
	for row := first; row < first+40; row += 10 {
		for cell := row - 2; cell <= row+2; cell++ {
			mark := byte('.')
			if live[cell] {
				mark = '#'
			}
			picture = append(picture, mark)
		}
		picture = append(picture, ' ')
	}
	return string(picture[:len(picture)-1])
}

func report(cells ...int) {
	seed := world{}
	for _, cell := range cells {
		seed[cell] = true
	}
	live := seed
	for period := 1; period < 9; period++ {
		fmt.Println(live.draw())
		live = live.step()
		if live.draw() == seed.draw() {
			fmt.Println("period", period)
			return
		}
	}
}

func main() {
	report(22, 23, 32, 33)
	report(22, 23, 24)
	report(22, 33, 41, 42, 43)
}
