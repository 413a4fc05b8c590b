package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const files = "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000"

var chunk = regexp.MustCompile(`(\D*)(\d*)`)

func compareNatural(a, b string) int {
	left := chunk.FindAllStringSubmatch(strings.ToLower(a), -1)
	right := chunk.FindAllStringSubmatch(strings.ToLower(b), -1)
	return slices.CompareFunc(left, right, func(x, y []string) int {
		return cmp.Or(strings.Compare(x[1], y[1]), compareDigits(x[2], y[2]))
	})
}

// compareDigits takes numbers of any size: without leading zeros, the longer is the larger.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func main() {
	names := strings.Fields(files)
	slices.SortStableFunc(names, compareNatural)
	for i, name := range names {
		fmt.Printf("%2d. %s\n", i+1, name)
	}
}
