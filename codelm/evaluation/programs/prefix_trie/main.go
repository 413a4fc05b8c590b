package main

import (
	"fmt"
	"maps"
	"slices"
)

type trie struct {
	passing, ending int
	children        map[rune]*trie
}

// add changes the number of copies of the word, in either direction.
func (t *trie) add(word string, copies int) {
	t.passing += copies
	for _, letter := range word {
		if t.children == nil {
			t.children = map[rune]*trie{}
		}
		if t.children[letter] == nil {
			t.children[letter] = &trie{}
		}
		t = t.children[letter]
		t.passing += copies
	}
	t.ending += copies
}

func (t *trie) find(prefix string) *trie {
	for _, letter := range prefix {
		if t = t.children[letter]; t == nil {
			return &trie{}
		}
	}
	return t
}

func (t *trie) words(prefix string) []string {
	found := slices.Repeat([]string{prefix}, t.ending)
	for _, letter := range slices.Sorted(maps.Keys(t.children)) {
		found = append(found, t.children[letter].words(prefix+string(letter))...)
	}
	return found
}

func main() {
	var root trie
	for _, word := range []string{"ten", "tea", "in", "tent", "inn", "ten", "to"} {
		root.add(word, 1)
	}
	for _, removed := range []string{"ten", "in", "inn", "ten"} {
		root.add(removed, -1)
		for _, prefix := range []string{"", "te", "in"} {
			node := root.find(prefix)
			fmt.Printf("%s* %d", prefix, node.passing)
			for _, word := range node.words(prefix) {
				fmt.Print(" ", word)
			}
			fmt.Println()
		}
	}
}
