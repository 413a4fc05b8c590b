package main

import (
	"errors"
	"fmt"
	"strings"
)

const table = `lamp,"desk, white",20
chair,oak
"vase",,7
cup,"a ""b"" c","3"
pan,"open,12`

func splitRow(line string) ([]string, error) {
	var fields []string
	var field strings.Builder
	quoted := false
	var previous rune
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
			if quoted && previous == '"' {
				field.WriteRune(r)
			}
		case r == ',' && !quoted:
			fields = append(fields, field.String())
			field.Reset()
		default:
			field.WriteRune(r)
		}
		previous = r
	}
	fields = append(fields, field.String())
	if quoted {
		return nil, errors.New("unclosed quote")
	}
	if len(fields) != 3 {
		return nil, fmt.Errorf("expected 3 fields, got %d", len(fields))
	}
	return fields, nil
}

func main() {
	rows, rejected := 0, 0
	for i, line := range strings.Split(table, "\n") {
		row, err := splitRow(line)
		if err != nil {
			fmt.Printf("line %d: %v\n", i+1, err)
			rejected++
			continue
		}
		fmt.Printf("%-6s[%s] %s\n", row[0], row[1], row[2])
		rows++
	}
	fmt.Printf("%d rows, %d rejected\n", rows, rejected)
}
