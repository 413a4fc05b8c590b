type Change = readonly [age: number, count: number];

class FenwickTree {
  private readonly sums: number[];

  constructor(size: number) {
    this.sums = new Array<number>(size + 1).fill(0);
  }

  add(value: number, count: number): void {
    while (value < this.sums.length) {
      this.sums[value] += count;
      value += value & -value;
    }
  }

  upTo(value: number): number {
    return value === 0 ? 0 : this.sums[value] + this.upTo(value & (value - 1));
  }

  ranked(rank: number): number {
    let value = 0;
    let step = 2 ** Math.floor(Math.log2(this.sums.length));
    for (; step >= 1; step /= 2) {
      const next = value + step;
      if (next < this.sums.length && this.sums[next] < rank) {
        rank -= this.sums[next];
        value = next;
      }
    }
    return value + 1;
  }
}

const changes: Change[] = [[34, 2], [7, 1], [100, 1], [61, 3], [7, -1], [1, 4], [64, 5], [100, -1]];
const ages = new FenwickTree(100);
for (const [age, count] of changes) {
  ages.add(age, count);
  const total = ages.upTo(100);
  const median = ages.ranked(Math.ceil(total / 2));
  console.log(`${total} people, ${ages.upTo(17)} minors, median ${median}, oldest ${ages.ranked(total)}`);
}
