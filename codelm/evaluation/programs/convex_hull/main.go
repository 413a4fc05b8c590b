package main

import (
	"cmp"
	"fmt"
	"slices"
)

type point struct{ x, y int }

func cross(o, a, b point) int {
	return (a.x-o.x)*(b.y-o.y) - (a.y-o.y)*(b.x-o.x)
}

func halfHull(points []point) []point {
	var chain []point
	for _, p := range points {
		n := len(chain)
		for n > 1 && cross(chain[n-2], chain[n-1], p) <= 0 {
			n--
		}
		chain = append(chain[:n], p)
	}
	return chain
}

func report(size int) {
	var points []point
	for i := range size {
		points = append(points, point{i*i%11 - 5, i * 3 % 7})
	}
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
	})
	points = slices.Compact(points)
	ring := halfHull(points)
	slices.Reverse(points)
	ring = append(ring, halfHull(points)[1:]...)

	area := 0
	for i, p := range ring[1:] {
		area += cross(point{}, ring[i], p)
	}
	fmt.Printf("%d points, doubled area %d:", len(points), area)
	for _, p := range ring {
		fmt.Printf(" (%d,%d)", p.x, p.y)
	}
	fmt.Println()
}

func main() {
	for _, size := range []int{1, 2, 3, 9, 40} {
		report(size)
	}
}
