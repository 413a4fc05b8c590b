package main

import (
	"fmt"
	"strings"
)

type fraction struct{ numerator, denominator int }

func (f fraction) reduced() fraction {
	a, b := f.numerator, f.denominator
	for b != 0 {
		a, b = b, a%b
	}
	return fraction{f.numerator / a, f.denominator / a}
}

func (f fraction) String() string {
	if f.denominator == 1 {
		return fmt.Sprint(f.numerator)
	}
	return fmt.Sprintf("%d/%d", f.numerator, f.denominator)
}

func (f fraction) egyptian() []string {
	var terms []string
	n, d := f.numerator, f.denominator
	if whole := n / d; whole > 0 || n == 0 {
		terms = append(terms, fmt.Sprint(whole))
	}
	for n %= d; n > 0; {
		unit := (d + n - 1) / n
		terms = append(terms, fmt.Sprintf("1/%d", unit))
		rest := fraction{n*unit - d, d * unit}.reduced()
		n, d = rest.numerator, rest.denominator
	}
	return terms
}

func main() {
	for _, f := range []fraction{{0, 7}, {6, 14}, {7, 3}, {12, 4}, {19, 20}, {4, 17}, {8, 11}} {
		f = f.reduced()
		fmt.Println(f, "=", strings.Join(f.egyptian(), " + "))
	}
}
