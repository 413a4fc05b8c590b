type Edit = `${" " | "-" | "+"} ${string}`;

function diff(before: readonly string[], after: readonly string[]): Edit[] {
  const common = [...before, ""].map(() => [...after, ""].map(() => 0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = before[i] === after[j];
      common[i][j] = same ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }

  function walk(i: number, j: number): Edit[] {
    if (i === before.length) return after.slice(j).map((line): Edit => `+ ${line}`);
    if (j === after.length) return before.slice(i).map((line): Edit => `- ${line}`);
    if (before[i] === after[j]) return [`  ${before[i]}`, ...walk(i + 1, j + 1)];
    return common[i + 1][j] >= common[i][j + 1]
      ? [`- ${before[i]}`, ...walk(i + 1, j)]
      : [`+ ${after[j]}`, ...walk(i, j + 1)];
  }

  return walk(0, 0);
}

const before = ["boil", "add salt", "add rice", "wait", "eat"];
const after = ["add salt", "boil", "add rice", "stir", "eat", "rest"];

for (const edit of diff(before, after)) console.log(edit);
console.log();
for (const edit of diff(after, before)) console.log(edit);
console.log();
for (const edit of diff([], ["boil"])) console.log(edit);
