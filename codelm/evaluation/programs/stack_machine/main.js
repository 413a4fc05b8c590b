function take(stack) {
  if (stack.length === 0) throw new RangeError("the stack is empty");
  return stack.pop();
}

function run(source) {
  const code = source.split("; ").map((line) => line.split(" "));
  const stack = [];
  const calls = [code.length];
  for (let pc = 0; pc < code.length; ) {
    const [op, operand] = code[pc++];
    switch (op) {
      case "push":
        stack.push(Number(operand));
        break;
      case "dup": {
        const top = take(stack);
        stack.push(top, top);
        break;
      }
      case "add":
        stack.push(take(stack) + take(stack));
        break;
      case "print":
        console.log(take(stack));
        break;
      case "jnz":
        if (take(stack) !== 0) pc = Number(operand);
        break;
      case "call":
        calls.push(pc);
        pc = Number(operand);
        break;
      case "ret":
        pc = take(calls);
        break;
      default:
        throw new SyntaxError(`unknown instruction ${op}`);
    }
  }
}

const programs = [
  "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
  "push 7; print; add",
  "push 0; jnz 9; fly",
];
for (const program of programs) {
  try {
    run(program);
  } catch ({ message }) {
    console.log(message);
  }
}
