PROGRAMS = [
    "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
    "push 7; print; add",
    "push 0; jnz 9; fly",
]


def run(source: str) -> None:
    code = source.split("; ")
    stack: list[int] = []
    calls = [len(code)]
    pc = 0
    while pc < len(code):
        op, _, operand = code[pc].partition(" ")
        pc += 1
        match op:
            case "push":
                stack.append(int(operand))
            case "dup":
                stack.append(stack[-1])
            case "add":
                stack.append(stack.pop() + stack.pop())
            case "print":
                print(stack.pop())
            case "jnz":
                pc = int(operand) if stack.pop() else pc
            case "call":
                calls.append(pc)
                pc = int(operand)
            case "ret":
                pc = calls.pop()
            case _:
                print(f"unknown instruction {op}")
                return


def main() -> None:
    for source in PROGRAMS:
        try:
            run(source)
        except IndexError:
            print("the stack is empty")


if __name__ == "__main__":
    main()
