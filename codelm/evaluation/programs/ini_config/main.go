package main

import (
	"fmt"
	"strconv"
	"strings"
)

const source = `max = 5
[web]
port = 8080  ; not 80
just words
[job
[job]
port = eighty`

type config map[string]string

func parse(source string) config {
	settings := config{}
	section := "main"
	for i, raw := range strings.Split(source, "\n") {
		line, _, _ := strings.Cut(raw, ";")
		line = strings.TrimSpace(line)
		key, value, found := strings.Cut(line, "=")
		switch {
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = strings.Trim(line, "[]")
		case found:
			settings[section+"."+strings.TrimSpace(key)] = strings.TrimSpace(value)
		case line != "":
			fmt.Printf("line %d: cannot read <%s>\n", i+1, line)
		}
	}
	return settings
}

func (c config) integer(name string, fallback int) (int, error) {
	text, ok := c[name]
	if !ok {
		return fallback, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("<%s> is not an integer", text)
	}
	return value, nil
}

func main() {
	settings := parse(source)
	for _, name := range []string{"main.max", "web.port", "web.size", "job.port"} {
		if value, err := settings.integer(name, 3); err != nil {
			fmt.Printf("%s: %v\n", name, err)
		} else {
			fmt.Println(name, "+ 1 is", value+1)
		}
	}
}
