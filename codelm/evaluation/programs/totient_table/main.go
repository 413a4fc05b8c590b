package main

import (
	"fmt"
	"strings"
)

const base = 10

type factor struct{ prime, exponent int }

func (f factor) String() string {
	if f.exponent == 1 {
		return fmt.Sprint(f.prime)
	}
	return fmt.Sprintf("%d^%d", f.prime, f.exponent)
}

func factorise(n int) []factor {
	var factors []factor
	for prime := 2; prime*prime <= n; prime++ {
		exponent := 0
		for ; n%prime == 0; n /= prime {
			exponent++
		}
		if exponent > 0 {
			factors = append(factors, factor{prime, exponent})
		}
	}
	if n > 1 {
		factors = append(factors, factor{n, 1})
	}
	return factors
}

func order(modulus int) int {
	k := 1
	for power := base % modulus; power != 1; power = power * base % modulus {
		k++
	}
	return k
}

func main() {
	for _, n := range []int{7, 97, 360, 1001, 2048, 5929, 9999, 65537} {
		totient, coprime := n, true
		var names []string
		for _, f := range factorise(n) {
			totient -= totient / f.prime
			coprime = coprime && base%f.prime != 0
			names = append(names, f.String())
		}
		period := "-"
		if coprime {
			period = fmt.Sprint(order(n))
		}
		fmt.Printf("%6d %6d %6s  %s\n", n, totient, period, strings.Join(names, " * "))
	}
}
