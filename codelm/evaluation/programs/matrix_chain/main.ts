type Chain = { kind: "matrix"; name: string } | { kind: "product"; left: Chain; right: Chain };

interface Plan {
  readonly cost: number;
  readonly chain: Chain;
}

function plan(sizes: readonly number[]): Plan {
  const count = sizes.length - 1;
  const plans: Plan[][] = Array.from({ length: count }, () => []);
  for (let first = count - 1; first >= 0; first--) {
    const row = plans[first];
    row[first] = { cost: 0, chain: { kind: "matrix", name: "ABCDEFGH"[first] } };
    for (let last = first + 1; last < count; last++) {
      const candidates = row.slice(first).map((left, i): Plan => {
        const inner = first + i + 1;
        const right = plans[inner][last];
        const product = sizes[first] * sizes[inner] * sizes[last + 1];
        return {
          cost: left.cost + right.cost + product,
          chain: { kind: "product", left: left.chain, right: right.chain },
        };
      });
      row[last] = candidates.reduce((best, plan) => (plan.cost < best.cost ? plan : best));
    }
  }
  return plans[0][count - 1];
}

function show(chain: Chain): string {
  return chain.kind === "matrix" ? chain.name : `(${show(chain.left)}${show(chain.right)})`;
}

const chains = ["4 7", "4 7 2", "40 20 30 10 30", "7 7 7 7 7", "30 35 15 5 10 20 25", "5000 3000 4000 6000"];
for (const sizes of chains) {
  const { cost, chain } = plan(sizes.split(" ").map(Number));
  console.log(`${sizes}: ${show(chain)} costs ${cost}`);
}
