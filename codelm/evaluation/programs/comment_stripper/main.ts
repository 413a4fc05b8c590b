type State = "code" | "string" | "line" | "comment";

const SOURCE = String.raw`half = total / 2;// not a "string"
text = "/* not \"a\" comment //"; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = "";// "never`;

/** What begins at the start of `rest`: how much is taken, what is kept of it, and the next state. */
function step(state: State, rest: string): [taken: number, kept: string, next: State] {
  const char = rest[0];
  switch (state) {
    case "code":
      if (rest.startsWith("//")) return [2, "", "line"];
      if (rest.startsWith("/*")) return [2, "", "comment"];
      return [1, char, char === '"' ? "string" : "code"];
    case "string":
      if (char === "\\") return [2, rest.slice(0, 2), "string"];
      return [1, char, char === '"' ? "code" : "string"];
    case "line":
      return char === "\n" ? [1, char, "code"] : [1, "", "line"];
    case "comment":
      return rest.startsWith("*/") ? [2, " ", "code"] : [1, "", "comment"];
  }
}

function stripComments(source: string): string {
  let state: State = "code";
  let text = "";
  for (let rest = source; rest; ) {
    const [taken, kept, next] = step(state, rest);
    rest = rest.slice(taken);
    text += kept;
    state = next;
  }
  return text;
}

console.log(stripComments(SOURCE));
