package main

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

type row []int64

// clear makes the column of the row zero, without leaving the integers.
func (r row) clear(pivot row, column int) {
	factor := r[column]
	for i := range r {
		r[i] = pivot[column]*r[i] - factor*pivot[i]
	}
}

func solve(rows []row) ([]string, error) {
	for column := range rows {
		left := rows[column:]
		found := slices.IndexFunc(left, func(r row) bool { return r[column] != 0 })
		if found < 0 {
			return nil, fmt.Errorf("singular in column %d", column+1)
		}
		left[0], left[found] = left[found], left[0]
		for i, r := range rows {
			if i != column {
				r.clear(left[0], column)
			}
		}
	}
	values := make([]string, len(rows))
	for i, r := range rows {
		values[i] = big.NewRat(r[len(rows)], r[i]).RatString()
	}
	return values, nil
}

func main() {
	for _, system := range [][]row{
		{{0, 2, 1, 1}, {3, 0, 1, 2}, {1, 1, 2, 1}},
		{{3, -6, 3}, {-2, 4, 7}},
		{{-4, 6}},
		{{0, 1}},
	} {
		values, err := solve(system)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(strings.Join(values, " "))
	}
}
