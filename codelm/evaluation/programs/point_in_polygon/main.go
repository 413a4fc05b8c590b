package main

import "fmt"

type point struct{ x, y int }

type polygon []point

type place int

const (
	outside place = iota
	inside
	edge
)

func (poly polygon) locate(p point) place {
	crossings := 0
	a := poly[len(poly)-1]
	for _, b := range poly {
		side := (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x)
		if side == 0 && (p.x-a.x)*(p.x-b.x) <= 0 && (p.y-a.y)*(p.y-b.y) <= 0 {
			return edge
		}
		if (a.y > p.y) != (b.y > p.y) && (side > 0) == (b.y > a.y) {
			crossings++
		}
		a = b
	}
	if crossings%2 == 1 {
		return inside
	}
	return outside
}

func main() {
	crown := polygon{{0, 0}, {9, 0}, {9, 5}, {6, 2}, {4, 6}, {2, 2}, {0, 5}}
	var counts [3]int
	for y := 6; y > -2; y-- {
		for x := -1; x < 11; x++ {
			where := crown.locate(point{x, y})
			counts[where]++
			fmt.Printf("%c", ".#+"[where])
		}
		fmt.Println()
	}
	fmt.Println("inside:", counts[inside])
}
