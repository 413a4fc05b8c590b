package main

import (
	"container/heap"
	"fmt"
)

type route struct {
	length int
	path   string
}

type queue []route

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].length < q[j].length }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(route)) }

func (q *queue) Pop() any {
	last := q.Len() - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

var roads = map[rune]map[rune]int{
	'A': {'B': 4, 'C': 1},
	'B': {'D': 5, 'E': 10},
	'C': {'B': 2, 'D': 9},
	'D': {'A': 1, 'E': 3},
	'E': {'G': 0},
	'F': {'A': 1},
	'G': {'C': 6},
}

func shortestRoutes(start rune) map[rune]route {
	best := make(map[rune]route)
	q := &queue{{0, string(start)}}
	for q.Len() > 0 {
		r := heap.Pop(q).(route)
		town := rune(r.path[len(r.path)-1])
		if _, settled := best[town]; settled {
			continue
		}
		best[town] = r
		for next, step := range roads[town] {
			heap.Push(q, route{r.length + step, r.path + string(next)})
		}
	}
	return best
}

func main() {
	routes := shortestRoutes('A')
	for town := 'A'; town <= 'G'; town++ {
		if r, ok := routes[town]; ok {
			fmt.Printf("%c %2d %s\n", town, r.length, r.path)
		} else {
			fmt.Printf("%c  - no road\n", town)
		}
	}
}
