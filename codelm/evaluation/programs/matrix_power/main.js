const MODULUS = 1_000_007;

const matrices = {
  fibonacci: [[1, 1], [1, 0]],
  signed: [[-1, 2], [1, 0]],
  paths: [[0, 1, 0], [1, 0, 1], [1, 1, 0]],
};

function multiply(left, right) {
  const entry = (row, column) => {
    const sum = row.reduce((total, value, k) => total + value * right[k][column], 0);
    return ((sum % MODULUS) + MODULUS) % MODULUS;
  };
  return left.map((row) => row.map((_, column) => entry(row, column)));
}

function power(matrix, exponent) {
  let result = matrix.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  let square = matrix;
  // Bit operators would cut the exponent to 32 bits.
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

for (const [name, matrix] of Object.entries(matrices)) {
  console.log(name);
  for (const exponent of [0, 1, 10, 1e12]) {
    const corner = power(matrix, exponent)[0].at(-1);
    console.log(`  ${exponent}: ${corner}`);
  }
}
