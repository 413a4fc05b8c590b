type Step =
  | { readonly kind: "run" }
  | { readonly kind: "one"; readonly accepts: (char: string) => boolean };

const names = ["notes.txt", "n1.txt", "data-07", "[ab"];
const patterns = ["*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?"];

function compile(pattern: string): Step[] {
  const tokens = pattern.match(/\[[^\]]*\]|./g) ?? [];
  return tokens.map((token): Step => {
    if (token === "*") return { kind: "run" };
    const negated = token.startsWith("[!");
    const isClass = token.length > 1;
    const members = isClass ? token.slice(negated ? 2 : 1, -1) : token;
    return {
      kind: "one",
      accepts: (char) => token === "?" || members.includes(char) !== negated,
    };
  });
}

function matches(steps: readonly Step[], text: string): boolean {
  if (steps.length === 0) return text === "";
  const [step, ...rest] = steps;
  if (step.kind === "run" && matches(rest, text)) return true;
  if (text === "") return false;
  const tail = text.slice(1);
  return step.kind === "run" ? matches(steps, tail) : step.accepts(text[0]) && matches(rest, tail);
}

for (const pattern of patterns) {
  const steps = compile(pattern);
  const found = names.filter((name) => matches(steps, name));
  console.log(`${pattern.padEnd(8)} matches ${found.join(", ") || "nothing"}`);
}
