// Longest first: of several shortest splits the first found stays.
const words = ["sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a"];

function memoize(compute) {
  const known = new Map();
  return (text) => {
    if (!known.has(text)) known.set(text, compute(text));
    return known.get(text);
  };
}

const prefixes = (text) => words.filter((word) => text.startsWith(word));

const ways = memoize((text) => {
  if (text === "") return 1;
  return prefixes(text).reduce((sum, word) => sum + ways(text.slice(word.length)), 0);
});

const best = memoize((text) => {
  if (text === "") return [];
  let fewest;
  for (const word of prefixes(text)) {
    const rest = best(text.slice(word.length));
    if (rest && !(fewest?.length <= rest.length + 1)) fewest = [word, ...rest];
  }
  return fewest;
});

for (const text of ["catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", "", "a".repeat(40)]) {
  const shown = best(text)?.join(" ") ?? "none";
  console.log(`${text}: ${ways(text)} ways, best '${shown}'`);
}
