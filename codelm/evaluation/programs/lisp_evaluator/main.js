const program = `
(define n (* 2 (- 9 3)))
(if (- n 12) missing (- 5 n))
(define n (* n 1000000000))
(- n -5)`;

const env = new Map();

const forms = {
  define(name, value) {
    env.set(name, evaluate(value));
    return env.get(name);
  },
  if: (test, yes, no) => evaluate(evaluate(test) ? yes : no),
  "-": (a, b) => evaluate(a) - evaluate(b),
  "*": (a, b) => evaluate(a) * evaluate(b),
};

function evaluate(expr) {
  if (Array.isArray(expr)) {
    const [name, ...args] = expr;
    return forms[name](...args);
  }
  return env.get(expr) ?? Number(expr);
}

function read(tokens) {
  const token = tokens.shift();
  if (token !== "(") return token;
  const items = [];
  while (tokens[0] !== ")") items.push(read(tokens));
  tokens.shift();
  return items;
}

for (const line of program.trim().split("\n")) {
  console.log(evaluate(read(line.match(/[()]|[^()\s]+/g))));
}
