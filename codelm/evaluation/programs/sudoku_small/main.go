package main

import (
	"fmt"
	"strings"
)

const side = 4

func clash(a, b int) bool {
	r, c := a/side, a%side
	s, d := b/side, b%side
	return r == s || c == d || (r/2 == s/2 && c/2 == d/2)
}

func fits(cells string, hole int, digit rune) bool {
	for place, other := range cells {
		if other == digit && clash(place, hole) {
			return false
		}
	}
	return true
}

func solve(cells string) []string {
	hole := strings.IndexByte(cells, '.')
	if hole < 0 {
		return []string{cells}
	}
	var solutions []string
	for _, digit := range "1234" {
		if fits(cells, hole, digit) {
			filled := cells[:hole] + string(digit) + cells[hole+1:]
			solutions = append(solutions, solve(filled)...)
		}
	}
	return solutions
}

func main() {
	puzzles := []string{"1....2....3....4", "123....4........", "..1.4......2.3..", strings.Repeat(".", 16)}
	for _, cells := range puzzles {
		solutions := solve(cells)
		fmt.Printf("%s has %d solutions\n", cells, len(solutions))
		if len(solutions) == 0 {
			continue
		}
		for rest := solutions[0]; rest != ""; rest = rest[side:] {
			fmt.Println(rest[:side])
		}
	}
}
