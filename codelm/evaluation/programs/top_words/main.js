const text = `
The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
`;

function countWords(words) {
  const counts = new Map();
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function top(counts, size) {
  const byCountThenWord = ([a, m], [b, n]) => n - m || (a < b ? -1 : 1);
  return [...counts].sort(byCountThenWord).slice(0, size);
}

const words = text.toLowerCase().match(/[a-z]+(?:'[a-z]+)*/g);
const counts = countWords(words);
const best = top(counts, 8);
const width = Math.max(...best.map(([word]) => word.length));
for (const [word, count] of best) {
  console.log(`${word.padStart(width)} | ${String(count).padStart(2)} ${"#".repeat(count)}`);
}
console.log(`${words.length} words, ${counts.size} distinct`);
