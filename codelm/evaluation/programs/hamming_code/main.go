package main

import (
	"fmt"
	"math/bits"
)

// Each data bit with its parity bits.
var generator = [4]byte{0x0F, 0x33, 0x55, 0x96}

func encode(nibble byte) (code byte) {
	for i, row := range generator {
		if nibble>>i&1 == 1 {
			code ^= row
		}
	}
	return code
}

// decode is not ok where two bits are wrong.
func decode(code byte) (nibble byte, ok bool) {
	place := 0
	for rest := code; rest != 0; rest &= rest - 1 {
		place ^= bits.TrailingZeros8(rest)
	}
	if bits.OnesCount8(code)%2 == 1 {
		code ^= 1 << place
	} else if place != 0 {
		return 0, false
	}
	return code>>4&14 | code>>3&1, true
}

func main() {
	corrected, detected := 0, 0
	for nibble := range byte(16) {
		code := encode(nibble)
		decoded, _ := decode(code)
		fmt.Printf("%08b %d\n", code, decoded)
		for a := range 8 {
			received := code ^ 1<<a
			if decoded, ok := decode(received); ok && decoded == nibble {
				corrected++
			}
			for b := range a {
				if _, ok := decode(received ^ 1<<b); !ok {
					detected++
				}
			}
		}
	}
	fmt.Printf("corrected %d, detected %d\n", corrected, detected)
}
