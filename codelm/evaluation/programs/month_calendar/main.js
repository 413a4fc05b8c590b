const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const monthLengths = (year) => [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function firstWeekday(year, month) {
  // Year 1 began on a Monday.
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const months = monthLengths(year).slice(0, month - 1);
  return months.reduce((days, length) => days + length, 365 * past + leapDays) % 7;
}

function* page(year, month) {
  yield `      ${year}-${String(month).padStart(2, "0")}`;
  yield "Mo Tu We Th Fr Sa Su";
  const cells = Array(firstWeekday(year, month)).fill("  ");
  for (let day = 1; day <= monthLengths(year)[month - 1]; day++) {
    cells.push(String(day).padStart(2));
  }
  while (cells.length > 0) {
    yield cells.splice(0, 7).join(" ");
  }
}

for (const line of [...page(1900, 2), ...page(2000, 10)]) {
  console.log(line);
}
