interface WordCount {
  readonly word: string;
  readonly count: number;
}

function* wordsOf(text: string): Generator<string> {
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+(?:'[a-z]+)*/g)) {
    yield word;
  }
}

function countWords(text: string): WordCount[] {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Array.from(counts, ([word, count]) => ({ word, count }));
}

function compare(a: WordCount, b: WordCount): number {
  return b.count - a.count || (a.word < b.word ? -1 : 1);
}

const counts = countWords(`
  The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
  A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
`);
const best = counts.toSorted(compare).slice(0, 8);
const width = Math.max(...best.map(({ word }) => word.length));
for (const { word, count } of best) {
  console.log(`${word.padStart(width)} | ${String(count).padStart(2)} ${"#".repeat(count)}`);
}

const total = counts.reduce((sum, { count }) => sum + count, 0);
console.log(`${total} words, ${counts.length} distinct`);
