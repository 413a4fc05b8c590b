package main

import "fmt"

const source = `half = total / 2;// not a "string"
text = "/* not \"a\" comment //"; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = "";// "never`

type state int

const (
	inCode state = iota
	inString
	inLine
	inComment
)

func stripComments(text string) string {
	var kept []byte
	now := inCode
	for i := 0; i < len(text); i++ {
		c := text[i]
		var next byte
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch {
		case now == inCode && c == '/' && next == '/':
			now = inLine
		case now == inCode && c == '/' && next == '*':
			now = inComment
			i++
		case now == inCode:
			kept = append(kept, c)
			if c == '"' {
				now = inString
			}
		case now == inString && c == '\\' && next != 0:
			kept = append(kept, c, next)
			i++
		case now == inString:
			kept = append(kept, c)
			if c == '"' {
				now = inCode
			}
		case now == inLine && c == '\n':
			kept = append(kept, c)
			now = inCode
		case now == inComment && c == '*' && next == '/':
			kept = append(kept, ' ')
			now = inCode
			i++
		}
	}
	return string(kept)
}

func main() {
	fmt.Println(stripComments(source))
}
