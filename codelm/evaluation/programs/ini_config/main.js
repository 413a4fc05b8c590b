const source = `
max = 5
[web]
port = 8080  ; not 80
just words
[job
[job]
port = eighty
`;

class Config {
  values = new Map();

  constructor(text) {
    let section = "main";
    text.trim().split("\n").forEach((raw, index) => {
      const line = raw.split(";")[0].trim();
      const [, header] = line.match(/^\[(.*)\]$/) ?? [];
      const [, key, value] = line.match(/^(.*?)\s*=\s*(.*)$/) ?? [];
      if (header !== undefined) section = header;
      else if (key !== undefined) this.values.set(`${section}.${key}`, value);
      else if (line) console.log(`line ${index + 1}: cannot read <${line}>`);
    });
  }

  integer(name, fallback) {
    const text = this.values.get(name) ?? String(fallback);
    if (!/^\d+$/.test(text)) throw new TypeError(`<${text}> is not an integer`);
    return Number(text);
  }
}

const config = new Config(source);
for (const name of ["main.max", "web.port", "web.size", "job.port"]) {
  try {
    console.log(`${name} + 1 is ${config.integer(name, 3) + 1}`);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
