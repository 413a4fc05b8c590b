package main

import (
	"fmt"
	"slices"
)

type ride struct{ start, goal int }

func serve(waiting []ride) (travelled int) {
	var aboard []ride
	floor, step := 5, 1
	for len(waiting)+len(aboard) > 0 {
		var ahead []int
		for _, r := range waiting {
			ahead = append(ahead, (r.start-floor)*step)
		}
		for _, r := range aboard {
			ahead = append(ahead, (r.goal-floor)*step)
		}
		ahead = slices.DeleteFunc(ahead, func(way int) bool { return way < 0 })
		if len(ahead) == 0 {
			step = -step
			continue
		}
		way := slices.Min(ahead)
		travelled += way
		floor += way * step

		before := len(aboard)
		aboard = slices.DeleteFunc(aboard, func(r ride) bool { return r.goal == floor })
		out := before - len(aboard)
		in := 0
		waiting = slices.DeleteFunc(waiting, func(r ride) bool {
			if r.start != floor {
				return false
			}
			in++
			aboard = append(aboard, r)
			return true
		})
		fmt.Printf("floor %d: %d out, %d in\n", floor, out, in)
	}
	return travelled
}

func main() {
	for _, count := range []int{0, 1, 5} {
		var rides []ride
		for i := 1; i <= count; i++ {
			rides = append(rides, ride{i * 4 % 11, i * 9 % 11})
		}
		fmt.Printf("%d rides, %d floors travelled\n", count, serve(rides))
	}
}
