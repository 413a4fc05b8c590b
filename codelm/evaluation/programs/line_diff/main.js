function commonLengths(before, after) {
  const lengths = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] =
        before[i] === after[j]
          ? lengths[i + 1][j + 1] + 1
          : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

function* diff(before, after) {
  const common = commonLengths(before, after);
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      yield `  ${before[i++]}`;
      j++;
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      yield `- ${before[i++]}`;
    } else {
      yield `+ ${after[j++]}`;
    }
  }
  for (const line of before.slice(i)) yield `- ${line}`;
  for (const line of after.slice(j)) yield `+ ${line}`;
}

const before = `boil
add salt
add rice
wait
eat`.split("\n");

const after = `add salt
boil
add rice
stir
eat
rest`.split("\n");

const scripts = [diff(before, after), diff(after, before), diff([], before.slice(0, 1))];
console.log(scripts.map((edits) => [...edits].join("\n")).join("\n\n"));
