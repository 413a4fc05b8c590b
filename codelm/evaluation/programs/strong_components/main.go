package main

import (
	"fmt"
	"math"
	"slices"
)

type graph map[rune]string

// search is the state of Tarjan's algorithm.
type search struct {
	graph
	low        map[rune]int
	stack      []rune
	components []string
}

func (s *search) visit(page rune) int {
	if low, seen := s.low[page]; seen {
		return low
	}
	number, depth := len(s.low), len(s.stack)
	s.low[page] = number
	s.stack = append(s.stack, page)

	low := number
	for _, next := range s.graph[page] {
		low = min(low, s.visit(next))
	}
	s.low[page] = low
	if low == number {
		component := s.stack[depth:]
		for _, member := range component {
			s.low[member] = math.MaxInt
		}
		s.components = append(s.components, string(component))
		s.stack = s.stack[:depth]
	}
	return s.low[page]
}

func main() {
	s := search{low: map[rune]int{}, graph: graph{
		'a': "e", 'b': "ig", 'c': "h", 'd': "", 'e': "gc",
		'f': "cd", 'g': "a", 'h': "f", 'i': "bd", 'j': "j",
	}}
	for page := 'a'; page <= 'j'; page++ {
		s.visit(page)
	}
	// A component is found after those that it leads to.
	slices.Reverse(s.components)
	for i, component := range s.components {
		fmt.Printf("%d. %s\n", i+1, component)
	}
}
