package main

import (
	"fmt"
	"strings"
)

func monthLength(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func firstWeekday(year, month int) int {
	// Year 1 began on a Monday.
	past := year - 1
	days := 365*past + past/4 - past/100 + past/400
	for m := 1; m < month; m++ {
		days += monthLength(year, m)
	}
	return days % 7
}

func printPage(year, month int) {
	fmt.Printf("      %d-%02d\nMo Tu We Th Fr Sa Su\n", year, month)
	before := firstWeekday(year, month)
	fmt.Print(strings.Repeat("   ", before))
	for day := 1; day <= monthLength(year, month); day++ {
		fmt.Printf("%2d", day)
		if (before+day)%7 == 0 || day == monthLength(year, month) {
			fmt.Println()
		} else {
			fmt.Print(" ")
		}
	}
}

func main() {
	printPage(1900, 2)
	printPage(2000, 10)
}
