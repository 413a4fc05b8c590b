type Settings = ReadonlyMap<string, string>;

interface ParseResult {
  readonly settings: Settings;
  readonly errors: readonly string[];
}

const source = `max = 5
[web]
port = 8080  ; not 80
just words
[job
[job]
port = eighty`;

function parse(text: string): ParseResult {
  const settings = new Map<string, string>();
  const errors: string[] = [];
  let section = "main";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/;.*/, "").trim();
    const equals = line.indexOf("=");
    if (line.startsWith("[") && line.endsWith("]")) {
      section = line.slice(1, -1);
    } else if (equals >= 0) {
      const key = line.slice(0, equals).trim();
      settings.set(`${section}.${key}`, line.slice(equals + 1).trim());
    } else if (line) {
      errors.push(`line ${index + 1}: cannot read <${line}>`);
    }
  }
  return { settings, errors };
}

function describe(settings: Settings, name: string, fallback: number): string {
  const text = settings.get(name) ?? String(fallback);
  if (!/^\d+$/.test(text)) return `${name}: <${text}> is not an integer`;
  return `${name} + 1 is ${Number(text) + 1}`;
}

const { settings, errors } = parse(source);
errors.forEach((error) => console.log(error));
for (const name of ["main.max", "web.port", "web.size", "job.port"]) {
  console.log(describe(settings, name, 3));
}
