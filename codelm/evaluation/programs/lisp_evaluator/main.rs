use std::collections::HashMap;

enum Expr {
    Atom(String),
    Form(String, Vec<Expr>),
}
use Expr::{Atom, Form};

/// None where a list ends.
fn read<'a>(tokens: &mut impl Iterator<Item = &'a str>) -> Option<Expr> {
    match tokens.next()? {
        ")" => None,
        "(" => {
            let name = tokens.next()?.to_string();
            let args = std::iter::from_fn(|| read(tokens));
            Some(Form(name, args.collect()))
        }
        name => Some(Atom(name.to_string())),
    }
}

fn evaluate(expr: &Expr, env: &mut HashMap<String, i64>) -> Option<i64> {
    match expr {
        Atom(name) => env.get(name).copied().or_else(|| name.parse().ok()),
        Form(name, args) => match (name.as_str(), &args[..]) {
            ("define", [Atom(name), value]) => {
                let value = evaluate(value, env)?;
                env.insert(name.clone(), value);
                Some(value)
            }
            ("if", [test, yes, no]) => {
                let holds = evaluate(test, env)? != 0;
                evaluate(if holds { yes } else { no }, env)
            }
            ("-", [a, b]) => Some(evaluate(a, env)? - evaluate(b, env)?),
            ("*", [a, b]) => Some(evaluate(a, env)? * evaluate(b, env)?),
            _ => None,
        },
    }
}

fn main() {
    let program = "\
(define n (* 2 (- 9 3)))
(if (- n 12) missing (- 5 n))
(define n (* n 1000000000))
(- n -5)";
    let mut env = HashMap::new();
    for line in program.replace('(', "( ").replace(')', " )").lines() {
        let expr = read(&mut line.split(' ')).unwrap();
        println!("{}", evaluate(&expr, &mut env).unwrap());
    }
}
