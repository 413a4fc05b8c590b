use std::iter::Peekable;
use std::str::Bytes;

type Input<'a> = Peekable<Bytes<'a>>;

fn sum_up_to(end: u8, input: &mut Input) -> Option<i32> {
    let mut value = product(input)?;
    loop {
        match input.next()? {
            b'+' => value += product(input)?,
            b'-' => value -= product(input)?,
            symbol => return (symbol == end).then_some(value),
        }
    }
}

fn product(input: &mut Input) -> Option<i32> {
    let mut value = factor(input)?;
    while input.next_if_eq(&b'*').is_some() {
        value *= factor(input)?;
    }
    Some(value)
}

fn factor(input: &mut Input) -> Option<i32> {
    match input.next()? {
        b'-' => Some(-factor(input)?),
        b'(' => sum_up_to(b')', input),
        b'x' => Some(7),
        b'y' => Some(2),
        digit @ b'0'..=b'9' => Some(i32::from(digit - b'0')),
        _ => None,
    }
}

fn main() {
    for text in ["9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", ""] {
        let ended = format!("{text}$");
        let mut input = ended.bytes().peekable();
        match sum_up_to(b'$', &mut input) {
            Some(value) => println!("[{text}] = {value}"),
            None => println!("[{text}] error at {}", text.len() - input.len()),
        }
    }
}
