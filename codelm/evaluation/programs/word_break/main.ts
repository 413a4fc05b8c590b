interface Splits {
  readonly ways: number;
  readonly best?: readonly string[];
}

const words = ["sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a"];

function split(text: string): Splits {
  // tails[i] splits the text from position i on.
  const tails: Splits[] = [];
  tails[text.length] = { ways: 1, best: [] };
  for (let start = text.length - 1; start >= 0; start--) {
    let ways = 0;
    let best: Splits["best"];
    for (const word of words) {
      if (!text.startsWith(word, start)) continue;
      const rest = tails[start + word.length];
      ways += rest.ways;
      if (rest.best && (!best || rest.best.length + 1 < best.length)) best = [word, ...rest.best];
    }
    tails[start] = { ways, best };
  }
  return tails[0];
}

for (const text of ["catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", "", "a".repeat(40)]) {
  const { ways, best } = split(text);
  console.log(`${text}: ${ways} ways, best '${best?.join(" ") ?? "none"}'`);
}
