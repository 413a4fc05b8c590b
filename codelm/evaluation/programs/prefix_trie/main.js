class Trie {
  passing = 0;
  ending = 0;
  children = new Map();

  add(word, copies) {
    this.passing += copies;
    if (word === "") {
      this.ending += copies;
      return;
    }
    const letter = word[0];
    if (!this.children.has(letter)) this.children.set(letter, new Trie());
    this.children.get(letter).add(word.slice(1), copies);
  }

  find(prefix) {
    return [...prefix].reduce((node, letter) => node.children.get(letter) ?? new Trie(), this);
  }

  *words(prefix) {
    yield* Array(this.ending).fill(prefix);
    for (const letter of [...this.children.keys()].sort()) {
      yield* this.children.get(letter).words(prefix + letter);
    }
  }
}

const root = new Trie();
for (const word of ["ten", "tea", "in", "tent", "inn", "ten", "to"]) {
  root.add(word, 1);
}
for (const removed of ["ten", "in", "inn", "ten"]) {
  root.add(removed, -1);
  for (const prefix of ["", "te", "in"]) {
    const node = root.find(prefix);
    console.log(`${prefix}*`, node.passing, ...node.words(prefix));
  }
}
