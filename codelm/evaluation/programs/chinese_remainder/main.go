package main

import "fmt"

type congruence struct{ remainder, modulus int }

func (c congruence) String() string {
	return fmt.Sprintf("%d modulo %d", c.remainder, c.modulus)
}

// extendedGCD returns the gcd of a and b, and an x with a*x = gcd modulo b.
func extendedGCD(a, b int) (gcd, x int) {
	x, next := 1, 0
	for b != 0 {
		quotient := a / b
		a, b = b, a%b
		x, next = next, x-quotient*next
	}
	return a, x
}

func (c congruence) and(other congruence) (congruence, error) {
	gcd, x := extendedGCD(c.modulus, other.modulus)
	distance := other.remainder - c.remainder
	if distance%gcd != 0 {
		return c, fmt.Errorf("%v cannot hold", other)
	}
	period := other.modulus / gcd
	steps := distance / gcd * x % period
	if steps < 0 {
		steps += period
	}
	return congruence{c.remainder + c.modulus*steps, c.modulus * period}, nil
}

func main() {
	solution := congruence{0, 1}
	for _, extra := range []congruence{{2, 3}, {3, 5}, {2, 7}, {-1, 6}, {4, 10}, {-10, 99}} {
		combined, err := solution.and(extra)
		if err != nil {
			fmt.Println(err)
			continue
		}
		solution = combined
		fmt.Println(extra, "leaves", solution)
	}
}
