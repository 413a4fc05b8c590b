package main

import (
	"fmt"
	"slices"
	"strings"
)

// solve extends the board, a column for each row, and returns all ways to complete it.
func solve(size int, board []int) [][]int {
	row := len(board)
	if row == size {
		return [][]int{slices.Clone(board)}
	}
	var found [][]int
	for column := range size {
		if isFree(board, column) {
			found = append(found, solve(size, append(board, column))...)
		}
	}
	return found
}

func isFree(board []int, column int) bool {
	for row, other := range board {
		distance := len(board) - row
		if other == column || other == column-distance || other == column+distance {
			return false
		}
	}
	return true
}

// isFirst tells whether no turn or mirror image sorts before the board.
func isFirst(board []int) bool {
	image := slices.Clone(board)
	for range 4 {
		slices.Reverse(image)
		if slices.Compare(image, board) < 0 {
			return false
		}
		turned := make([]int, len(image))
		for row, column := range image {
			turned[column] = row
		}
		if slices.Compare(turned, board) < 0 {
			return false
		}
		image = turned
	}
	return true
}

func main() {
	for size := 1; size <= 8; size++ {
		boards := solve(size, nil)
		distinct := 0
		for _, board := range boards {
			if isFirst(board) {
				distinct++
			}
		}
		fmt.Printf("%d: %d solutions, %d distinct\n", size, len(boards), distinct)
	}
	for _, column := range solve(6, nil)[0] {
		fmt.Println(strings.Repeat(".", column) + "Q" + strings.Repeat(".", 5-column))
	}
}
