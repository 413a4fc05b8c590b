package main

import (
	"fmt"
	"strings"
)

const garden = `
#########
#S..#...#
#.#...#.#
#...#..G#
#########
`

const cells = `
#####
#S#G#
#####
`

// solve draws a shortest path into the maze and returns its length.
func solve(maze []byte) (steps int, ok bool) {
	text := string(maze)
	start, goal := strings.IndexByte(text, 'S'), strings.IndexByte(text, 'G')
	width := strings.IndexByte(text, '\n') + 1

	before := map[int]int{start: start}
	queue := []int{start}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		for _, there := range []int{here - width, here - 1, here + 1, here + width} {
			if _, seen := before[there]; !seen && maze[there] != '#' {
				before[there] = here
				queue = append(queue, there)
			}
		}
	}

	at, ok := before[goal]
	if !ok {
		return 0, false
	}
	for steps = 1; at != start; steps++ {
		maze[at] = '*'
		at = before[at]
	}
	return steps, true
}

func main() {
	for _, text := range []string{garden, cells} {
		maze := []byte(strings.TrimLeft(text, "\n"))
		steps, ok := solve(maze)
		fmt.Print(string(maze))
		if ok {
			fmt.Println(steps, "steps")
		} else {
			fmt.Println("no way")
		}
	}
}
