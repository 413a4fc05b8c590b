const variables = { x: 7, y: 2 };

function evaluate(text) {
  let position = 0;

  function sumUpTo(end) {
    let value = product();
    while (text[position] === "+" || text[position] === "-") {
      value += text[position++] === "+" ? product() : -product();
    }
    if (text[position] !== end) throw new SyntaxError(`error at ${position}`);
    position++;
    return value;
  }

  function product() {
    let value = factor();
    while (text[position] === "*") {
      position++;
      value *= factor();
    }
    return value;
  }

  function factor() {
    const symbol = text[position++];
    if (symbol === "-") return -factor();
    if (symbol === "(") return sumUpTo(")");
    const value = variables[symbol] ?? parseInt(symbol, 10);
    if (Number.isNaN(value)) throw new SyntaxError(`error at ${position - 1}`);
    return value;
  }

  return sumUpTo(undefined);
}

for (const text of ["9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", ""]) {
  try {
    console.log(`[${text}] = ${evaluate(text)}`);
  } catch ({ message }) {
    console.log(`[${text}] ${message}`);
  }
}
