function monthLength(year: number, month: number): 28 | 29 | 30 | 31 {
  switch (month) {
    case 2:
      return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
    case 4:
    case 6:
    case 9:
    case 11:
      return 30;
    default:
      return 31;
  }
}

function firstWeekday(year: number, month: number): number {
  // Year 1 began on a Monday.
  const past = year - 1;
  let days = 365 * past + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let m = 1; m < month; m++) {
    days += monthLength(year, m);
  }
  return days % 7;
}

function printPage(year: number, month: number): void {
  console.log(`      ${year}-${String(month).padStart(2, "0")}`);
  console.log("Mo Tu We Th Fr Sa Su");
  const cells = new Array<string>(firstWeekday(year, month)).fill("  ");
  for (let day = 1; day <= monthLength(year, month); day++) {
    cells.push(String(day).padStart(2));
  }
  while (cells.length > 0) {
    console.log(cells.splice(0, 7).join(" "));
  }
}

printPage(1900, 2);
printPage(2000, 10);
