interface Trie {
  passing: number;
  ending: number;
  readonly children: Map<string, Trie>;
}

const empty = (): Trie => ({ passing: 0, ending: 0, children: new Map() });

function add(root: Trie, word: string, copies: number): void {
  let node = root;
  node.passing += copies;
  for (const letter of word) {
    const child = node.children.get(letter) ?? empty();
    node.children.set(letter, child);
    child.passing += copies;
    node = child;
  }
  node.ending += copies;
}

function find(root: Trie, prefix: string): Trie | undefined {
  let node: Trie | undefined = root;
  for (const letter of prefix) node = node?.children.get(letter);
  return node;
}

function words(node: Trie, prefix: string): string[] {
  const longer = [...node.children.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([letter, child]) => words(child, prefix + letter));
  return [...Array<string>(node.ending).fill(prefix), ...longer];
}

const root = empty();
for (const word of ["ten", "tea", "in", "tent", "inn", "ten", "to"]) {
  add(root, word, 1);
}
for (const removed of ["ten", "in", "inn", "ten"]) {
  add(root, removed, -1);
  for (const prefix of ["", "te", "in"]) {
    const node = find(root, prefix) ?? empty();
    console.log([`${prefix}*`, node.passing, ...words(node, prefix)].join(" "));
  }
}
