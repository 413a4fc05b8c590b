package main

import "fmt"

type cell struct{ row, column int }

func spiral(rows, columns int) []cell {
	var cells []cell
	at, step := cell{0, -1}, cell{0, 1}
	for ahead, aside := columns, rows; ahead > 0; ahead, aside = aside-1, ahead {
		for range ahead {
			at.row += step.row
			at.column += step.column
			cells = append(cells, at)
		}
		step.row, step.column = step.column, -step.row
	}
	return cells
}

type grid [][]int

func newGrid(rows, columns int) grid {
	g := make(grid, rows)
	for i := range g {
		g[i] = make([]int, columns)
	}
	return g
}

func (g grid) turned() grid {
	turned := newGrid(len(g[0]), len(g))
	for r, line := range g {
		for c, number := range line {
			turned[c][len(g)-1-r] = number
		}
	}
	return turned
}

func main() {
	for _, size := range []cell{{3, 4}, {4, 2}, {1, 3}} {
		g := newGrid(size.row, size.column)
		for i, c := range spiral(size.row, size.column) {
			g[c.row][c.column] = i + 1
		}
		for _, line := range g {
			for _, number := range line {
				fmt.Printf("%3d", number)
			}
			fmt.Println()
		}
		turned := g.turned()
		fmt.Print("turned:")
		for _, c := range spiral(size.column, size.row) {
			fmt.Print(" ", turned[c.row][c.column])
		}
		fmt.Println()
	}
}
