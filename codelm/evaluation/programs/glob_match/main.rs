const NAMES: [&str; 4] = ["notes.txt", "n1.txt", "data-07", "[ab"];

/// Splits what follows a `[` into the members of the class and the rest.
fn split_class(pattern: &[u8]) -> Option<(&[u8], &[u8])> {
    let close = pattern.iter().position(|&b| b == b']')?;
    Some((&pattern[..close], &pattern[close + 1..]))
}

fn in_class(members: &[u8], c: &u8) -> bool {
    match members {
        [b'!', excluded @ ..] => !excluded.contains(c),
        _ => members.contains(c),
    }
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skip| matches(rest, &text[skip..])),
        (_, []) => false,
        ([head, rest @ ..], [c, tail @ ..]) => match (head, split_class(rest)) {
            (b'[', Some((members, rest))) => in_class(members, c) && matches(rest, tail),
            (b'?', _) => matches(rest, tail),
            _ => head == c && matches(rest, tail),
        },
    }
}

fn main() {
    for pattern in [
        "*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?",
    ] {
        let mut found = NAMES.to_vec();
        found.retain(|name| matches(pattern.as_bytes(), name.as_bytes()));
        if found.is_empty() {
            found.push("nothing");
        }
        println!("{pattern:<8} matches {}", found.join(", "));
    }
}
