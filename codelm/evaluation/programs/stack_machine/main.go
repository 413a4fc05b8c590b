package main

import (
	"errors"
	"fmt"
	"strings"
)

var needs = map[string]int{"push": 0, "dup": 1, "add": 2, "print": 1, "jnz": 1, "call": 0, "ret": 0}

func run(code []string) error {
	var stack []int
	pop := func() int {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		return n
	}
	calls := []int{len(code)}
	for pc := 0; pc < len(code); {
		var op string
		var n int
		fmt.Sscan(code[pc], &op, &n)
		pc++
		if need, ok := needs[op]; !ok {
			return fmt.Errorf("unknown instruction %s", op)
		} else if len(stack) < need {
			return errors.New("the stack is empty")
		}
		switch op {
		case "push":
			stack = append(stack, n)
		case "dup":
			stack = append(stack, stack[len(stack)-1])
		case "add":
			sum := pop() + pop()
			stack = append(stack, sum)
		case "print":
			fmt.Println(pop())
		case "jnz":
			if pop() != 0 {
				pc = n
			}
		case "call":
			calls = append(calls, pc)
			pc = n
		case "ret":
			pc = calls[len(calls)-1]
			calls = calls[:len(calls)-1]
		}
	}
	return nil
}

func main() {
	for _, program := range []string{
		"push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
		"push 7; print; add",
		"push 0; jnz 9; fly",
	} {
		if err := run(strings.Split(program, "; ")); err != nil {
			fmt.Println(err)
		}
	}
}
