package main

import (
	"fmt"
	"strings"
)

// words lists the longest first, so that they win ties.
var words = strings.Fields("sandy cats dogs sand aaa and cat dog aa do a")

type splits struct {
	ways int
	best []string
}

type splitter map[string]splits

func (known splitter) split(text string) splits {
	if text == "" {
		return splits{ways: 1}
	}
	if found, ok := known[text]; ok {
		return found
	}
	var all splits
	for _, word := range words {
		tail, ok := strings.CutPrefix(text, word)
		if !ok {
			continue
		}
		rest := known.split(tail)
		all.ways += rest.ways
		if rest.ways > 0 && (all.best == nil || len(rest.best)+1 < len(all.best)) {
			all.best = append([]string{word}, rest.best...)
		}
	}
	known[text] = all
	return all
}

func main() {
	texts := []string{"catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", ""}
	for _, text := range append(texts, strings.Repeat("a", 40)) {
		found := splitter{}.split(text)
		best := "none"
		if found.ways > 0 {
			best = strings.Join(found.best, " ")
		}
		fmt.Printf("%s: %d ways, best '%s'\n", text, found.ways, best)
	}
}
