interface Item {
  readonly name: string;
  readonly count: number;
  readonly price: number;
}

type Row = readonly [name: string, count: string, price: string];

const toRow = ({ name, count, price }: Item): Row => [name, String(count), String(price)];

function render(rows: readonly Row[]): string[] {
  const width = (column: keyof Row & number): number => Math.max(...rows.map((row) => row[column].length));
  return rows.map(([name, count, price]) =>
    [name.padEnd(width(0)), count.padStart(width(1)), price.padStart(width(2))].join("  "),
  );
}

function table(stock: readonly Item[]): string {
  const total = { name: "total", count: 0, price: 0 };
  for (const { count, price } of stock) {
    total.count += count;
    total.price += price;
  }
  const lines = render([["item", "count", "price"], ...stock.map(toRow), toRow(total)]);
  const rule = "-".repeat(lines[0].length);
  lines.splice(-1, 0, rule);
  lines.splice(1, 0, rule);
  return lines.join("\n");
}

console.log(
  table([
    { name: "hook", count: 250, price: 2000 },
    { name: "a long rope", count: 12, price: 23940 },
    { name: "returned", count: -3, price: -5 },
  ]),
);
console.log(table([]));
