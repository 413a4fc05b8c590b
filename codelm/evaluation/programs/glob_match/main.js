const names = ["notes.txt", "n1.txt", "data-07", "[ab"];
const patterns = ["*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?"];

function matches(pattern, text) {
  if (pattern === "") return text === "";
  const [head] = pattern;
  const rest = pattern.slice(1);
  const tail = text.slice(1);
  if (head === "*") return matches(rest, text) || (text !== "" && matches(pattern, tail));
  if (text === "") return false;

  const close = rest.indexOf("]");
  if (head === "[" && close >= 0) {
    const negated = rest.startsWith("!");
    const members = rest.slice(negated ? 1 : 0, close);
    const accepted = members.includes(text[0]) !== negated;
    return accepted && matches(rest.slice(close + 1), tail);
  }
  return (head === "?" || head === text[0]) && matches(rest, tail);
}

for (const pattern of patterns) {
  const found = names.filter((name) => matches(pattern, name));
  console.log(`${pattern.padEnd(8)} matches ${found.join(", ") || "nothing"}`);
}
