package main

import "fmt"

const modulus = 1_000_007

type matrix [][]int

func newMatrix(size int) matrix {
	m := make(matrix, size)
	for i := range m {
		m[i] = make([]int, size)
	}
	return m
}

func (m matrix) times(other matrix) matrix {
	product := newMatrix(len(m))
	for i, row := range m {
		for j := range row {
			sum := 0
			for k, value := range row {
				sum += value * other[k][j]
			}
			product[i][j] = (sum%modulus + modulus) % modulus
		}
	}
	return product
}

func (m matrix) power(exponent int) matrix {
	result := newMatrix(len(m))
	for i := range result {
		result[i][i] = 1
	}
	for ; exponent > 0; exponent /= 2 {
		if exponent%2 == 1 {
			result = result.times(m)
		}
		m = m.times(m)
	}
	return result
}

func show(name string, m matrix) {
	fmt.Println(name)
	for _, exponent := range []int{0, 1, 10, 1e12} {
		fmt.Printf("  %d: %d\n", exponent, m.power(exponent)[0][len(m)-1])
	}
}

func main() {
	show("fibonacci", matrix{{1, 1}, {1, 0}})
	show("signed", matrix{{-1, 2}, {1, 0}})
	show("paths", matrix{{0, 1, 0}, {1, 0, 1}, {1, 1, 0}})
}
