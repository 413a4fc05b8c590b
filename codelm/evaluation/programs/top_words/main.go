package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

const text = `
The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
`

func countWords(text string) (counts map[string]int, total int) {
	counts = make(map[string]int)
	for _, field := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\''
	}) {
		if word := strings.Trim(field, "'"); word != "" {
			counts[word]++
			total++
		}
	}
	return counts, total
}

func main() {
	counts, total := countWords(text)
	words := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})

	best := words[:8]
	width := 0
	for _, word := range best {
		width = max(width, len(word))
	}
	for _, word := range best {
		n := counts[word]
		fmt.Printf("%*s | %2d %s\n", width, word, n, strings.Repeat("#", n))
	}
	fmt.Printf("%d words, %d distinct\n", total, len(counts))
}
