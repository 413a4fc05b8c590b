use std::error::Error;

const EMPTY: &str = "the stack is empty";

fn run(source: &str) -> Result<(), Box<dyn Error>> {
    let code: Vec<&str> = source.split("; ").collect();
    let mut stack: Vec<i32> = Vec::new();
    let mut calls = vec![code.len()];
    let mut pc = 0;
    while let Some(line) = code.get(pc) {
        pc += 1;
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["push", number] => stack.push(number.parse()?),
            ["dup"] => stack.push(*stack.last().ok_or(EMPTY)?),
            ["add"] => {
                let sum = stack.pop().ok_or(EMPTY)? + stack.pop().ok_or(EMPTY)?;
                stack.push(sum);
            }
            ["print"] => println!("{}", stack.pop().ok_or(EMPTY)?),
            ["jnz", target] => {
                if stack.pop().ok_or(EMPTY)? != 0 {
                    pc = target.parse()?;
                }
            }
            ["call", target] => {
                calls.push(pc);
                pc = target.parse()?;
            }
            ["ret"] => pc = calls.pop().ok_or(EMPTY)?,
            _ => return Err(format!("unknown instruction {line}").into()),
        }
    }
    Ok(())
}

fn main() {
    let programs = [
        "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
        "push 7; print; add",
        "push 0; jnz 9; fly",
    ];
    for program in programs {
        if let Err(error) = run(program) {
            println!("{error}");
        }
    }
}
