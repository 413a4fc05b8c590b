const FILES: &str =
    "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000";

/// Text and the number after it, in turn; `None` sorts before any number.
fn natural_key(name: &str) -> Vec<(String, Option<u128>)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let start = rest.find(|c: char| c.is_ascii_digit());
        let (text, tail) = rest.split_at(start.unwrap_or(rest.len()));
        let end = tail.find(|c: char| !c.is_ascii_digit());
        let (digits, tail) = tail.split_at(end.unwrap_or(tail.len()));
        key.push((text.to_lowercase(), digits.parse().ok()));
        rest = tail;
    }
    key
}

fn main() {
    let mut names: Vec<&str> = FILES.split(' ').collect();
    names.sort_by_cached_key(|name| natural_key(name));
    for (i, name) in names.iter().enumerate() {
        println!("{:2}. {name}", i + 1);
    }
}
