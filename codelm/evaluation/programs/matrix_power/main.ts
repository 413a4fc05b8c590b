type Matrix = readonly (readonly bigint[])[];

const modulus = 1_000_007n;

function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    row.map((_, column) => {
      const sum = row.reduce((total, value, k) => total + value * right[k][column], 0n);
      return ((sum % modulus) + modulus) % modulus;
    }),
  );
}

function power(matrix: Matrix, exponent: bigint): Matrix {
  if (exponent === 0n) return matrix.map((row, i) => row.map((_, j) => (i === j ? 1n : 0n)));
  const half = power(matrix, exponent / 2n);
  const even = multiply(half, half);
  return exponent % 2n === 0n ? even : multiply(even, matrix);
}

function show(name: string, rows: number[][]): void {
  const matrix = rows.map((row) => row.map(BigInt));
  console.log(name);
  for (const exponent of [0n, 1n, 10n, 10n ** 12n]) {
    const corner = power(matrix, exponent)[0].at(-1);
    console.log(`  ${exponent}: ${corner}`);
  }
}

show("fibonacci", [[1, 1], [1, 0]]);
show("signed", [[-1, 2], [1, 0]]);
show("paths", [[0, 1, 0], [1, 0, 1], [1, 1, 0]]);
