package main

import (
	"fmt"
	"iter"
	"strings"
)

// ringBuffer holds the last len(slots) entries of a log.
type ringBuffer struct {
	slots   []byte
	written int
}

func newRingBuffer(capacity int) *ringBuffer {
	return &ringBuffer{slots: []byte(strings.Repeat(".", capacity))}
}

func (r *ringBuffer) push(entry byte) {
	r.slots[r.written%len(r.slots)] = entry
	r.written++
}

func (r *ringBuffer) len() int {
	return min(r.written, len(r.slots))
}

func (r *ringBuffer) all() iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for i := r.written - r.len(); i < r.written; i++ {
			if !yield(r.slots[i%len(r.slots)]) {
				return
			}
		}
	}
}

func fill(capacity int, entries string) {
	log := newRingBuffer(capacity)
	for _, entry := range []byte(entries) {
		log.push(entry)
		fmt.Printf("%d written, %d kept: %s -> ", log.written, log.len(), log.slots)
		for kept := range log.all() {
			fmt.Printf("%c", kept)
		}
		fmt.Println()
	}
}

func main() {
	fill(1, "xy")
	fill(3, "abcdefg")
	fill(4, "pqr")
}
