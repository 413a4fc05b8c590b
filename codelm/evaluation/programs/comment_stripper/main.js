const SOURCE = String.raw`half = total / 2;// not a "string"
text = "/* not \"a\" comment //"; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = "";// "never`;

function stripComments(source) {
  let kept = "";
  let state = "code";
  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    const pair = source.slice(i, i + 2);
    if (state === "code" && pair === "//") {
      state = "line";
    } else if (state === "code" && pair === "/*") {
      state = "comment";
      i++;
    } else if (state === "code") {
      kept += char;
      if (char === '"') state = "string";
    } else if (state === "string" && char === "\\") {
      kept += pair;
      i++;
    } else if (state === "string") {
      kept += char;
      if (char === '"') state = "code";
    } else if (state === "line" && char === "\n") {
      kept += char;
      state = "code";
    } else if (state === "comment" && pair === "*/") {
      kept += " ";
      state = "code";
      i++;
    }
  }
  return kept;
}

console.log(stripComments(SOURCE));
