class FenwickTree {
  constructor(size) {
    this.sums = new Int32Array(size + 1);
  }

  add(value, count) {
    for (let i = value; i < this.sums.length; i += i & -i) this.sums[i] += count;
  }

  upTo(value) {
    let total = 0;
    for (let i = value; i > 0; i &= i - 1) total += this.sums[i];
    return total;
  }

  ranked(rank) {
    let value = 0;
    for (let step = 1 << 30; step > 0; step >>= 1) {
      const sum = this.sums[value + step] ?? Infinity;
      if (sum < rank) {
        value += step;
        rank -= sum;
      }
    }
    return value + 1;
  }
}

const ages = new FenwickTree(100);
for (const [age, count] of [[34, 2], [7, 1], [100, 1], [61, 3], [7, -1], [1, 4], [64, 5], [100, -1]]) {
  ages.add(age, count);
  const total = ages.upTo(100);
  const median = ages.ranked(Math.ceil(total / 2));
  console.log(`${total} people, ${ages.upTo(17)} minors, median ${median}, oldest ${ages.ranked(total)}`);
}
