class Stack {
  constructor(private readonly items: number[] = []) {}

  push(...items: number[]): void {
    this.items.push(...items);
  }

  pop(): number {
    const top = this.items.pop();
    if (top === undefined) throw new Error("the stack is empty");
    return top;
  }
}

function run(code: readonly string[]): void {
  const stack = new Stack();
  const calls = new Stack([code.length]);
  let pc = 0;
  const instructions: Record<string, (operand: number) => void> = {
    push: (operand) => stack.push(operand),
    dup: () => {
      const top = stack.pop();
      stack.push(top, top);
    },
    add: () => stack.push(stack.pop() + stack.pop()),
    print: () => console.log(stack.pop()),
    jnz: (target) => {
      if (stack.pop() !== 0) pc = target;
    },
    call: (target) => {
      calls.push(pc);
      pc = target;
    },
    ret: () => {
      pc = calls.pop();
    },
  };

  while (pc < code.length) {
    const [op, operand] = code[pc++].split(" ");
    if (!(op in instructions)) throw new Error(`unknown instruction ${op}`);
    instructions[op](Number(operand));
  }
}

const programs = [
  "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
  "push 7; print; add",
  "push 0; jnz 9; fly",
];
for (const program of programs) {
  try {
    run(program.split("; "));
  } catch (error) {
    console.log((error as Error).message);
  }
}
