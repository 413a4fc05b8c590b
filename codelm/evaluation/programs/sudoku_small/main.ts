type Digit = 1 | 2 | 3 | 4;
type Grid = (Digit | undefined)[];

const side = 4;
const digits: readonly Digit[] = [1, 2, 3, 4];

function parse(text: string): Grid {
  return [...text].map((mark) => digits.find((digit) => String(digit) === mark));
}

function clash(a: number, b: number): boolean {
  const [r, s] = [Math.floor(a / side), Math.floor(b / side)];
  const [c, d] = [a % side, b % side];
  return r === s || c === d || (r >> 1 === s >> 1 && c >> 1 === d >> 1);
}

function solve(grid: Grid): Grid[] {
  const hole = grid.indexOf(undefined);
  if (hole < 0) {
    return [grid];
  }
  const taken = grid.filter((_, place) => clash(place, hole));
  const open = digits.filter((digit) => !taken.includes(digit));
  return open.flatMap((digit) => solve(grid.with(hole, digit)));
}

for (const text of ["1....2....3....4", "123....4........", "..1.4......2.3..", ".".repeat(16)]) {
  const solutions = solve(parse(text));
  console.log(`${text} has ${solutions.length} solutions`);
  for (const solution of solutions.slice(0, 1)) {
    for (let start = 0; start < solution.length; start += side) {
      console.log(solution.slice(start, start + side).join(""));
    }
  }
}
