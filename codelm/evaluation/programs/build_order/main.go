package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

type tasks map[string][]string

// next returns the first need that a task still waits for, or "".
func (t tasks) next(task string) string {
	for _, need := range t[task] {
		if _, waiting := t[need]; waiting {
			return need
		}
	}
	return ""
}

func (t tasks) cycleFrom(task string) []string {
	var walk []string
	for !slices.Contains(walk, task) {
		walk = append(walk, task)
		task = t.next(task)
	}
	return append(walk[slices.Index(walk, task):], task)
}

func (t tasks) build() error {
	for level := 1; len(t) > 0; level++ {
		left := slices.Sorted(maps.Keys(t))
		var ready []string
		for _, task := range left {
			if t.next(task) == "" {
				ready = append(ready, task)
			}
		}
		if ready == nil {
			return fmt.Errorf("cycle: %s", strings.Join(t.cycleFrom(left[0]), " > "))
		}
		fmt.Printf("%d. %s\n", level, strings.Join(ready, " "))
		for _, task := range ready {
			delete(t, task)
		}
	}
	return nil
}

func main() {
	site := tasks{
		"deploy": {"lint", "test", "pack"},
		"pack":   {"build"},
		"test":   {"build"},
		"build":  nil,
		"lint":   nil,
	}
	farm := tasks{"cake": {"egg"}, "egg": {"hen"}, "hen": {"barn", "egg"}, "barn": nil}
	for _, t := range []tasks{site, farm} {
		if err := t.build(); err != nil {
			fmt.Println(err)
		}
	}
}
