package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

type values map[string][]string

func parse(query string) (values, error) {
	parsed := values{}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		rawKey, rawValue, _ := strings.Cut(part, "=")
		key, err := url.QueryUnescape(rawKey)
		if err != nil {
			return nil, err
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return nil, err
		}
		parsed[key] = append(parsed[key], value)
	}
	return parsed, nil
}

func encode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func (v values) String() string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(v)) {
		for _, value := range v[key] {
			pairs = append(pairs, encode(key)+"="+encode(value))
		}
	}
	return strings.Join(pairs, "&")
}

func main() {
	for _, query := range []string{
		"q=fish+%26+chips",
		"tag=red&id=7&tag=a%2db%7E",
		"name=caf%c3%a9&flag&&=x",
		"sum=1%2b1=2&%25",
	} {
		parsed, err := parse(query)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(parsed)
	}
}
