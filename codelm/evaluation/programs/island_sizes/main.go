package main

import (
	"fmt"
	"maps"
	"slices"
)

// islands joins cells that are numbered 10*row + column.
type islands struct {
	parent, size map[int]int
}

func (s islands) find(cell int) int {
	for s.parent[cell] != cell {
		s.parent[cell] = s.parent[s.parent[cell]]
		cell = s.parent[cell]
	}
	return cell
}

func (s islands) has(cell int) bool {
	_, ok := s.parent[cell]
	return ok
}

func (s islands) add(cell int) {
	if s.has(cell) {
		return
	}
	s.parent[cell], s.size[cell] = cell, 1
	for _, step := range []int{-10, -1, 1, 10} {
		if !s.has(cell + step) {
			continue
		}
		if root := s.find(cell + step); root != cell {
			s.parent[root] = cell
			s.size[cell] += s.size[root]
			delete(s.size, root)
		}
	}
}

func main() {
	land := islands{map[int]int{}, map[int]int{}}
	for _, cell := range []int{11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44} {
		land.add(cell)
		fmt.Printf("%d:", cell)
		for _, size := range slices.Sorted(maps.Values(land.size)) {
			fmt.Print(" ", size)
		}
		fmt.Println()
	}
}
