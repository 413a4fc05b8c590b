const text = `
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
`;

class Line {
  private readonly words: string[] = [];
  private letters = 0;

  fits(word: string, width: number): boolean {
    return this.letters + this.words.length + word.length <= width;
  }

  add(word: string): void {
    this.words.push(word);
    this.letters += word.length;
  }

  justified(width: number): string {
    const spare = width - this.letters;
    const gaps = this.words.length - 1;
    const every = Math.floor(spare / gaps);
    const spaces = (gap: number): number => (gap < spare % gaps ? every + 1 : every);
    return this.words.reduce((line, word, i) => line + " ".repeat(spaces(i - 1)) + word);
  }

  toString(): string {
    return this.words.join(" ");
  }
}

function* wrap([first, ...rest]: readonly string[], width: number): Generator<string> {
  let line = new Line();
  line.add(`   ${first}`);
  for (const word of rest) {
    if (!line.fits(word, width)) {
      yield line.justified(width);
      line = new Line();
    }
    line.add(word);
  }
  yield line.toString();
}

for (const width of [18, 30, 90]) {
  console.log([...wrap(text.trim().split(/\s+/), width)].join("\n"));
}
