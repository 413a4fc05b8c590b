type Expr = string | { readonly name: string; readonly args: readonly Expr[] };

const program = [
  "(define n (* 2 (- 9 3)))",
  "(if (- n 12) missing (- 5 n))",
  "(define n (* n 1000000000))",
  "(- n -5)",
];

function read(tokens: Iterator<string>): Expr {
  const token: string = tokens.next().value;
  if (token !== "(") {
    return token;
  }
  const name: string = tokens.next().value;
  const args: Expr[] = [];
  for (let arg = read(tokens); arg !== ")"; arg = read(tokens)) {
    args.push(arg);
  }
  return { name, args };
}

class Scope {
  private readonly values = new Map<Expr, number>();

  evaluate(expr: Expr): number {
    if (typeof expr === "string") {
      return this.values.get(expr) ?? Number(expr);
    }
    const [a, b, c] = expr.args;
    switch (expr.name) {
      case "define":
        this.values.set(a, this.evaluate(b));
        return this.evaluate(a);
      case "if":
        return this.evaluate(this.evaluate(a) ? b : c);
      case "-":
        return this.evaluate(a) - this.evaluate(b);
      case "*":
        return this.evaluate(a) * this.evaluate(b);
      default:
        throw new Error(`unknown form ${expr.name}`);
    }
  }
}

const scope = new Scope();
for (const line of program) {
  const tokens = line.replaceAll("(", "( ").replaceAll(")", " )").split(" ");
  console.log(scope.evaluate(read(tokens.values())));
}
