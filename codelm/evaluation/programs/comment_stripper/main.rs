const SOURCE: &str = r#"half = total / 2;// not a "string"
text = "/* not \"a\" comment //"; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = "";// "never"#;

enum State {
    Code,
    Text,
    Line,
    Block,
}

fn strip_comments(source: &str) -> String {
    let mut kept = String::new();
    let mut state = State::Code;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match (&state, c, chars.peek()) {
            (State::Code, '/', Some('/')) => state = State::Line,
            (State::Code, '/', Some('*')) => {
                chars.next();
                state = State::Block;
            }
            (State::Block, '*', Some('/')) => {
                chars.next();
                kept.push(' ');
                state = State::Code;
            }
            (State::Text, '\\', Some(_)) => {
                kept.push(c);
                kept.extend(chars.next());
            }
            (State::Code, '"', _) => {
                kept.push(c);
                state = State::Text;
            }
            (State::Text, '"', _) | (State::Line, '\n', _) => {
                kept.push(c);
                state = State::Code;
            }
            (State::Code | State::Text, ..) => kept.push(c),
            (State::Line | State::Block, ..) => {}
        }
    }
    kept
}

fn main() {
    println!("{}", strip_comments(SOURCE));
}
