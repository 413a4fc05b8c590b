package main

import (
	"fmt"
	"strings"
)

const before = `boil
add salt
add rice
wait
eat`

const after = `add salt
boil
add rice
stir
eat
rest`

func commonLengths(from, to []string) [][]int {
	lengths := make([][]int, len(from)+1)
	lengths[len(from)] = make([]int, len(to)+1)
	for i := len(from) - 1; i >= 0; i-- {
		lengths[i] = make([]int, len(to)+1)
		for j := len(to) - 1; j >= 0; j-- {
			if from[i] == to[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}

func printDiff(from, to []string) {
	common := commonLengths(from, to)
	i, j := 0, 0
	for i < len(from) || j < len(to) {
		switch {
		case i < len(from) && j < len(to) && from[i] == to[j]:
			fmt.Println(" ", from[i])
			i++
			j++
		case j == len(to) || i < len(from) && common[i+1][j] >= common[i][j+1]:
			fmt.Println("-", from[i])
			i++
		default:
			fmt.Println("+", to[j])
			j++
		}
	}
}

func main() {
	from, to := strings.Split(before, "\n"), strings.Split(after, "\n")
	printDiff(from, to)
	fmt.Println()
	printDiff(to, from)
	fmt.Println()
	printDiff(nil, from[:1])
}
