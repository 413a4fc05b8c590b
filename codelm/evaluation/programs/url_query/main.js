const decode = (text) => decodeURIComponent(text.replaceAll("+", " "));

class Query {
  #values = new Map();

  constructor(text) {
    for (const part of text.split("&").filter(Boolean)) {
      const [key, ...rest] = part.split("=");
      this.append(decode(key), decode(rest.join("=")));
    }
  }

  append(key, value) {
    if (!this.#values.has(key)) this.#values.set(key, []);
    this.#values.get(key).push(value);
  }

  *pairs() {
    for (const key of [...this.#values.keys()].sort()) {
      for (const value of this.#values.get(key)) yield [key, value];
    }
  }

  toString() {
    const encoded = Array.from(this.pairs(), (pair) => pair.map(encodeURIComponent).join("="));
    return encoded.join("&");
  }
}

const queries = [
  "q=fish+%26+chips",
  "tag=red&id=7&tag=a%2db%7E",
  "name=caf%c3%a9&flag&&=x",
  "sum=1%2b1=2&%25",
];
for (const text of queries) console.log(String(new Query(text)));
