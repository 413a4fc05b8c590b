package main

import "fmt"

func dayNumber(year, month, day int) int {
	// Years run from March, so that the leap day comes last.
	if month < 3 {
		year, month = year-1, month+12
	}
	leapDays := year/4 - year/100 + year/400
	return 365*year + leapDays + (153*month+3)/5 + day - 399
}

func weekOne(year int) int {
	// A multiple of 7 is a Monday; 4 January is always in week 1.
	return dayNumber(year, 1, 4) / 7 * 7
}

func isoWeek(number int) (year, week, weekday int) {
	year = number/365 + 2
	for weekOne(year) > number {
		year--
	}
	past := number - weekOne(year)
	return year, past/7 + 1, past%7 + 1
}

func main() {
	start, end := dayNumber(2024, 12, 30), dayNumber(2027, 1, 3)
	for _, number := range []int{start, end} {
		year, week, weekday := isoWeek(number)
		fmt.Printf("%d-W%02d-%d\n", year, week, weekday)
	}
	fmt.Println(end-start, "days")
	longYears := 0
	for year := 1; year <= 400; year++ {
		if weekOne(year+1)-weekOne(year) > 364 {
			longYears++
		}
	}
	fmt.Println(longYears, "long years")
}
