package main

import (
	"container/heap"
	"fmt"
)

type run struct {
	name   string
	values []int
}

// runHeap orders runs by what is left of them; none in it is empty.
type runHeap []run

func (h runHeap) Len() int      { return len(h) }
func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)   { *h = append(*h, x.(run)) }

func (h runHeap) Less(i, j int) bool {
	a, b := h[i].values[0], h[j].values[0]
	return a < b || a == b && h[i].name < h[j].name
}

func (h *runHeap) Pop() any {
	last := h.Len() - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// merge calls visit for every value of the runs, in order.
func merge(runs []run, visit func(value int, name string)) {
	h := &runHeap{}
	for _, r := range runs {
		if len(r.values) > 0 {
			heap.Push(h, r)
		}
	}
	for h.Len() > 0 {
		least := heap.Pop(h).(run)
		visit(least.values[0], least.name)
		if least.values = least.values[1:]; len(least.values) > 0 {
			heap.Push(h, least)
		}
	}
}

func main() {
	runs := []run{
		{"A", []int{1, 4, 4, 9, 12}},
		{"B", nil},
		{"C", []int{-3, 4, 9, 12}},
		{"D", []int{-3, 0, 1, 12, 12, 40}},
	}
	merge(runs, func(value int, name string) {
		fmt.Printf("%3d %s\n", value, name)
	})
}
