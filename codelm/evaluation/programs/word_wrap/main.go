package main

import (
	"fmt"
	"strings"
)

const text = `
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
`

func fill(words []string, width int) [][]string {
	var lines [][]string
	start := 0
	for end := 1; end <= len(words); end++ {
		if end == len(words) || len(strings.Join(words[start:end+1], " ")) > width {
			lines = append(lines, words[start:end])
			start = end
		}
	}
	return lines
}

func justify(words []string, width int) string {
	spare := width - len(strings.Join(words, ""))
	var line strings.Builder
	for i, word := range words {
		if i > 0 {
			// The gaps on the left take the spaces that are left over.
			gaps := len(words) - i
			spaces := (spare + gaps - 1) / gaps
			line.WriteString(strings.Repeat(" ", spaces))
			spare -= spaces
		}
		line.WriteString(word)
	}
	return line.String()
}

func main() {
	words := strings.Fields(text)
	words[0] = "   " + words[0]
	for _, width := range []int{18, 30, 90} {
		lines := fill(words, width)
		last := len(lines) - 1
		for _, line := range lines[:last] {
			fmt.Println(justify(line, width))
		}
		fmt.Println(strings.Join(lines[last], " "))
	}
}
