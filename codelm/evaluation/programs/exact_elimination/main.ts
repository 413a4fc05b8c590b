type Row = readonly number[];

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

function ratio(numerator: number, denominator: number): string {
  const divisor = gcd(numerator, denominator) * Math.sign(denominator);
  const top = numerator / divisor;
  return divisor === denominator ? `${top}` : `${top}/${denominator / divisor}`;
}

/** Makes the column of the row zero, without leaving the integers. */
function clear(row: Row, pivot: Row, column: number): Row {
  return row.map((value, i) => pivot[column] * value - row[column] * pivot[i]);
}

function solve(...system: Row[]): string {
  const rows = [...system];
  for (const column of system.keys()) {
    const found = rows.findIndex((row, i) => i >= column && row[column] !== 0);
    if (found < 0) return `singular in column ${column + 1}`;
    const [pivot] = rows.splice(found, 1, rows[column]);
    rows.forEach((row, i) => {
      rows[i] = i === column ? pivot : clear(row, pivot, column);
    });
  }
  return rows.map((row, i) => ratio(row[rows.length], row[i])).join(" ");
}

console.log(solve([0, 2, 1, 1], [3, 0, 1, 2], [1, 1, 2, 1]));
console.log(solve([3, -6, 3], [-2, 4, 7]));
console.log(solve([-4, 6]));
console.log(solve([0, 1]));
