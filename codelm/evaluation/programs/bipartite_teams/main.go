package main

import (
	"fmt"
	"slices"
	"strings"
)

type league struct {
	rivals [][]int
	side   []int // 1 or -1 for those placed
}

// place returns the odd cycle that is in the way, or nil.
func (l league) place(player, side int, path []int) []int {
	path = append(path, player)
	l.side[player] = side
	for _, rival := range l.rivals[player] {
		switch l.side[rival] {
		case side:
			return path[slices.Index(path, rival):]
		case 0:
			if cycle := l.place(rival, -side, path); cycle != nil {
				return cycle
			}
		}
	}
	return nil
}

func (l league) verdict() string {
	var home, away []int
	for player := range l.rivals {
		if l.side[player] == 0 {
			if cycle := l.place(player, 1, nil); cycle != nil {
				return "odd cycle " + list(cycle)
			}
		}
		if l.side[player] == 1 {
			home = append(home, player)
		} else {
			away = append(away, player)
		}
	}
	return list(home) + " against " + list(away)
}

func list(players []int) string {
	return strings.ReplaceAll(fmt.Sprint(players), " ", ", ")
}

func main() {
	for _, rivals := range [][][]int{
		{{1, 3}, {0, 2}, {1, 3}, {0, 2}, {5}, {4}},
		{{1}, {0, 2}, {1, 3, 4}, {2, 4}, {2, 3}},
		{{}, {1}},
	} {
		fmt.Println(league{rivals, make([]int, len(rivals))}.verdict())
	}
}
