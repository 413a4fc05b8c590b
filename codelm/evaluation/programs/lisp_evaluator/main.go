package main

import (
	"fmt"
	"strconv"
	"strings"
)

const program = `(define n (* 2 (- 9 3)))
(if (- n 12) missing (- 5 n))
(define n (* n 1000000000))
(- n -5)`

type expr struct {
	name string
	args []expr
}

// read returns the first expression of the tokens and the tokens after it.
func read(tokens []string) (e expr, rest []string) {
	if tokens[0] != "(" {
		return expr{name: tokens[0]}, tokens[1:]
	}
	e.name, rest = tokens[1], tokens[2:]
	for rest[0] != ")" {
		var arg expr
		arg, rest = read(rest)
		e.args = append(e.args, arg)
	}
	return e, rest[1:]
}

type scope map[string]int

func (s scope) evaluate(e expr) int {
	switch args := e.args; e.name {
	case "define":
		s[args[0].name] = s.evaluate(args[1])
		return s.evaluate(args[0])
	case "if":
		if s.evaluate(args[0]) != 0 {
			return s.evaluate(args[1])
		}
		return s.evaluate(args[2])
	case "-":
		return s.evaluate(args[0]) - s.evaluate(args[1])
	case "*":
		return s.evaluate(args[0]) * s.evaluate(args[1])
	}
	if value, ok := s[e.name]; ok {
		return value
	}
	value, err := strconv.Atoi(e.name)
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	s := scope{}
	spaces := strings.NewReplacer("(", "( ", ")", " )")
	for line := range strings.Lines(spaces.Replace(program)) {
		e, _ := read(strings.Fields(line))
		fmt.Println(s.evaluate(e))
	}
}
