const text = `
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
`;

function fill(words, width) {
  const lines = [[]];
  for (const word of words) {
    const line = lines.at(-1);
    if (line.length > 0 && [...line, word].join(" ").length > width) {
      lines.push([word]);
    } else {
      line.push(word);
    }
  }
  return lines;
}

function justify([first, ...rest], width) {
  const spare = width - first.length - rest.join("").length;
  const every = Math.floor(spare / rest.length);
  const extra = spare % rest.length;
  // The gaps on the left take the spaces that are left over.
  return rest.reduce((line, word, gap) => line + " ".repeat(every + (gap < extra)) + word, first);
}

const words = text.trim().split(/\s+/);
words[0] = "   " + words[0];

for (const width of [18, 30, 90]) {
  const lines = fill(words, width);
  const last = lines.pop();
  for (const line of lines) {
    console.log(justify(line, width));
  }
  console.log(last.join(" "));
}
