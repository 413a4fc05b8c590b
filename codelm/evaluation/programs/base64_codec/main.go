package main

import (
	"fmt"
	"strings"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// regroup cuts a stream of bits anew.
func regroup(values []byte, size, wanted int) []byte {
	var groups []byte
	bits, held := 0, 0
	for _, value := range values {
		bits = bits<<size | int(value)
		for held += size; held >= wanted; {
			held -= wanted
			groups = append(groups, byte(bits>>held&(1<<wanted-1)))
		}
	}
	return groups
}

func encode(data string) string {
	text := regroup([]byte(data+"\x00\x00"), 8, 6)[:(4*len(data)+2)/3]
	for i, value := range text {
		text[i] = alphabet[value]
	}
	return string(text) + "=="[:-len(text)&3]
}

func decode(text string) (data string, ok bool) {
	values := []byte(strings.TrimRight(text, "="))
	for i, letter := range values {
		values[i] = byte(strings.IndexByte(alphabet, letter))
	}
	data = string(regroup(values, 6, 8))
	// Only what encode would write is good.
	return data, encode(data) == text
}

func main() {
	for _, text := range []string{"bWFu", "bWE=", "fn4/", "bR==", "b*E="} {
		if data, ok := decode(text); ok {
			fmt.Println(text, data)
		} else {
			fmt.Println(text, "refused")
		}
	}
}
