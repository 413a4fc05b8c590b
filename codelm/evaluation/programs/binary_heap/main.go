package main

import (
	"fmt"
	"slices"
	"strings"
)

// JobQueue is a binary min-heap of due times.
type JobQueue []int

func (q *JobQueue) Push(due int) {
	*q = append(*q, due)
	q.settle(len(*q) - 1)
}

func (q *JobQueue) Remove(i int) int {
	h, last := *q, len(*q)-1
	h[i], h[last] = h[last], h[i]
	*q = h[:last]
	if i < last {
		q.settle(i)
	}
	return h[last]
}

// settle restores the order of the heap around index i.
func (q JobQueue) settle(i int) {
	for parent := (i - 1) / 2; i > 0 && q[i] < q[parent]; parent = (i - 1) / 2 {
		q[i], q[parent] = q[parent], q[i]
		i = parent
	}
	for child := 2*i + 1; child < len(q); child = 2*i + 1 {
		if right := child + 1; right < len(q) && q[right] < q[child] {
			child = right
		}
		if q[i] <= q[child] {
			break
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
}

func (q JobQueue) String() string {
	return strings.ReplaceAll(fmt.Sprint([]int(q)), " ", ", ")
}

func main() {
	var jobs JobQueue
	for _, due := range []int{20, 1, 3, 30, 25, 10, 3} {
		jobs.Push(due)
	}
	for _, due := range []int{30, 10, 1} {
		jobs.Remove(slices.Index(jobs, due))
		fmt.Println("without", due, jobs)
	}
	for len(jobs) > 0 {
		due := jobs.Remove(0)
		fmt.Println("run", due, jobs)
	}
}
