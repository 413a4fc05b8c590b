type DayNumber = number;

const { floor } = Math;

function dayNumber(year: number, month: number, day: number): DayNumber {
  // Years run from March, so that the leap day comes last.
  if (month < 3) {
    return dayNumber(year - 1, month + 12, day);
  }
  const leapDays = floor(year / 4) - floor(year / 100) + floor(year / 400);
  return 365 * year + leapDays + floor((153 * month + 3) / 5) + day - 399;
}

// A multiple of 7 is a Monday; 4 January is always in week 1.
const weekOne = (year: number): DayNumber => floor(dayNumber(year, 1, 4) / 7) * 7;

function isoWeek(number: DayNumber): string {
  let year = floor(number / 365) + 2;
  while (weekOne(year) > number) {
    year--;
  }
  const past = number - weekOne(year);
  const week = String(floor(past / 7) + 1).padStart(2, "0");
  return `${year}-W${week}-${(past % 7) + 1}`;
}

const start = dayNumber(2024, 12, 30);
const end = dayNumber(2027, 1, 3);
console.log(isoWeek(start));
console.log(isoWeek(end));
console.log(`${end - start} days`);

const years = Array.from({ length: 400 }, (_, i) => i + 1);
const longYears = years.filter((year) => weekOne(year + 1) - weekOne(year) > 364);
console.log(`${longYears.length} long years`);
