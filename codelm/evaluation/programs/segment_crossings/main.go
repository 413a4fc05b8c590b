package main

import "fmt"

type point struct{ x, y int }

// rank orders points by x, then by y, where these are below 100.
func (p point) rank() int { return 100*p.x + p.y }

type segment struct{ low, high point }

func (s segment) side(p point) int {
	return (s.high.x-s.low.x)*(p.y-s.low.y) - (s.high.y-s.low.y)*(p.x-s.low.x)
}

func (s segment) relation(t segment) string {
	a, b := s.side(t.low), s.side(t.high)
	gap := max(a*b, t.side(s.low)*t.side(s.high))
	sameLine := a == 0 && b == 0
	if sameLine {
		gap = max(s.low.rank(), t.low.rank()) - min(s.high.rank(), t.high.rank())
	}
	switch {
	case gap > 0:
		return "misses"
	case gap == 0:
		return "touches"
	case sameLine:
		return "overlaps"
	}
	return "crosses"
}

func main() {
	segments := []segment{
		{point{0, 0}, point{6, 6}},
		{point{0, 6}, point{6, 0}},
		{point{3, 3}, point{9, 9}},
		{point{9, 9}, point{10, 10}},
	}
	for i, s := range segments {
		for j := i + 1; j < len(segments); j++ {
			fmt.Println(i, s.relation(segments[j]), j)
		}
	}
}
