package main

import "fmt"

// A parser that has failed gives zeros and stays where it is.
type parser struct {
	text     string
	position int
	failed   bool
}

func (p *parser) take(wanted byte) bool {
	if p.failed || p.text[p.position] != wanted {
		return false
	}
	p.position++
	return true
}

func (p *parser) sumUpTo(end byte) int {
	value := p.product()
	for {
		switch {
		case p.take('+'):
			value += p.product()
		case p.take('-'):
			value -= p.product()
		default:
			p.failed = !p.take(end)
			return value
		}
	}
}

func (p *parser) product() int {
	value := p.factor()
	for p.take('*') {
		value *= p.factor()
	}
	return value
}

func (p *parser) factor() int {
	symbol := p.text[p.position]
	switch {
	case p.take('-'):
		return -p.factor()
	case p.take('('):
		return p.sumUpTo(')')
	case p.take('x'):
		return 7
	case p.take('y'):
		return 2
	case '0' <= symbol && symbol <= '9' && p.take(symbol):
		return int(symbol - '0')
	}
	p.failed = true
	return 0
}

func main() {
	for _, text := range []string{"9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", ""} {
		p := parser{text: text + "$"}
		if value := p.sumUpTo('$'); p.failed {
			fmt.Printf("[%s] error at %d\n", text, p.position)
		} else {
			fmt.Printf("[%s] = %d\n", text, value)
		}
	}
}
