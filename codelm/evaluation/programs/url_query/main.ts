type Values = ReadonlyMap<string, readonly string[]>;

const queries: readonly string[] = [
  "q=fish+%26+chips",
  "tag=red&id=7&tag=a%2db%7E",
  "name=caf%c3%a9&flag&&=x",
  "sum=1%2b1=2&%25",
];

function decode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, " "));
}

function parse(query: string): Values {
  const values = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const end = equals < 0 ? part.length : equals;
    const key = decode(part.slice(0, end));
    const value = decode(part.slice(end + 1));
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  }
  return values;
}

function build(values: Values): string {
  return [...values.keys()]
    .sort()
    .flatMap((key) => (values.get(key) ?? []).map((value) => [key, value]))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
}

for (const query of queries) {
  console.log(build(parse(query)));
}
