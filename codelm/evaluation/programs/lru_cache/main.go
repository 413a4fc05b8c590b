package main

import (
	"container/list"
	"fmt"
)

type entry struct {
	page rune
	time int
}

type lruCache struct {
	capacity int
	order    *list.List
	entries  map[rune]*list.Element
	evicted  string
}

func newLRUCache(capacity int) *lruCache {
	return &lruCache{capacity, list.New(), map[rune]*list.Element{}, ""}
}

func (c *lruCache) get(page rune) (int, bool) {
	element, ok := c.entries[page]
	if !ok {
		return 0, false
	}
	c.order.MoveToBack(element)
	return element.Value.(entry).time, true
}

func (c *lruCache) put(page rune, time int) {
	if element, ok := c.entries[page]; ok {
		c.order.Remove(element)
	}
	c.entries[page] = c.order.PushBack(entry{page, time})
	if c.order.Len() > c.capacity {
		oldest := c.order.Remove(c.order.Front()).(entry)
		delete(c.entries, oldest.page)
		c.evicted += string(oldest.page)
	}
}

func main() {
	for capacity := range 5 {
		cache, hits := newLRUCache(capacity), 0
		for time, page := range "abacbdacaab" {
			if _, ok := cache.get(page); ok {
				hits++
			} else {
				cache.put(page, time)
			}
		}
		cache.put('a', 99)
		fmt.Printf("%d: %d hits, evicted [%s], kept", capacity, hits, cache.evicted)
		for e := cache.order.Front(); e != nil; e = e.Next() {
			kept := e.Value.(entry)
			fmt.Printf(" %c%d", kept.page, kept.time)
		}
		fmt.Println()
	}
}
