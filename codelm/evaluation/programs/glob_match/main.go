package main

import (
	"fmt"
	"strings"
)

func matches(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	head, rest := pattern[0], pattern[1:]
	if head == '*' {
		return matches(rest, text) || text != "" && matches(pattern, text[1:])
	}
	if text == "" {
		return false
	}
	accepted := head == '?' || head == text[0]
	if members, after, closed := strings.Cut(rest, "]"); head == '[' && closed {
		members, negated := strings.CutPrefix(members, "!")
		accepted = strings.Contains(members, text[:1]) != negated
		rest = after
	}
	return accepted && matches(rest, text[1:])
}

func main() {
	names := []string{"notes.txt", "n1.txt", "data-07", "[ab"}
	patterns := []string{"*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?"}
	for _, pattern := range patterns {
		var found []string
		for _, name := range names {
			if matches(pattern, name) {
				found = append(found, name)
			}
		}
		if found == nil {
			found = append(found, "nothing")
		}
		fmt.Printf("%-8s matches %s\n", pattern, strings.Join(found, ", "))
	}
}
