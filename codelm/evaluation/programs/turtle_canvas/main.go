package main

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	width  = 12
	height = 5
)

// expand spells out the repeats, up to a closing bracket or the end.
func expand(commands *strings.Reader) string {
	var plain strings.Builder
	count := 1
	for {
		c, err := commands.ReadByte()
		if err != nil || c == ')' {
			return plain.String()
		}
		if '0' <= c && c <= '9' {
			count = int(c - '0')
			continue
		}
		body := string(c)
		if c == '(' {
			body = expand(commands)
		}
		plain.WriteString(strings.Repeat(body, count))
		count = 1
	}
}

func draw(commands string) [][]byte {
	canvas := make([][]byte, height)
	for y := range canvas {
		canvas[y] = bytes.Repeat([]byte{'.'}, width)
	}
	x, y, dx, dy := 0, 0, 1, 0
	for _, command := range []byte(commands) {
		switch command {
		case 'F':
			x, y = (x+dx+width)%width, (y+dy+height)%height
		case 'R':
			dx, dy = -dy, dx
		default:
			canvas[y][x] = command
		}
	}
	return canvas
}

func main() {
	for _, program := range []string{"2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o"} {
		fmt.Println(program)
		for _, row := range draw(expand(strings.NewReader(program))) {
			fmt.Println(string(row))
		}
	}
}
