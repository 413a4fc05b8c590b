const systems = [
  [[0, 2, 1, 1], [3, 0, 1, 2], [1, 1, 2, 1]],
  [[3, -6, 3], [-2, 4, 7]],
  [[-4, 6]],
  [[0, 1]],
];

const gcd = (a, b) => (b === 0 ? Math.abs(a) : gcd(b, a % b));

function ratio(numerator, denominator) {
  const divisor = gcd(numerator, denominator) * Math.sign(denominator);
  const [top, bottom] = [numerator / divisor, denominator / divisor];
  return bottom === 1 ? `${top}` : `${top}/${bottom}`;
}

function solve(system) {
  let rows = system;
  for (const column of system.keys()) {
    const found = rows.findIndex((row, i) => i >= column && row[column] !== 0);
    if (found < 0) return `singular in column ${column + 1}`;
    const pivot = rows[found];
    // Multiplying crosswise keeps every value an integer.
    const clear = (row) => row.map((value, i) => pivot[column] * value - row[column] * pivot[i]);
    rows = rows.toSpliced(found, 1).map(clear).toSpliced(column, 0, pivot);
  }
  return rows.map((row, i) => ratio(row.at(-1), row[i])).join(" ");
}

for (const system of systems) console.log(solve(system));
