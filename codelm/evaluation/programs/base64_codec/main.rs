const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn regroup(values: &[u8], size: u32, wanted: u32) -> Vec<u8> {
    let mut groups = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for &value in values {
        bits = bits << size | u32::from(value);
        held += size;
        while held >= wanted {
            held -= wanted;
            groups.push((bits >> held & ((1 << wanted) - 1)) as u8);
        }
    }
    groups
}

fn encode(data: &str) -> String {
    let values = regroup(format!("{data}\0\0").as_bytes(), 8, 6);
    let mut text: String = values
        .iter()
        .take((4 * data.len() + 2) / 3)
        .map(|&value| char::from(ALPHABET[usize::from(value)]))
        .collect();
    while text.len() % 4 != 0 {
        text.push('=');
    }
    text
}

fn decode(text: &str) -> Option<String> {
    let mut values = Vec::new();
    for letter in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|&other| other == letter)?;
        values.push(value as u8);
    }
    let data = String::from_utf8(regroup(&values, 6, 8)).ok()?;
    // Only what encode would write is good.
    Some(data).filter(|data| encode(data) == text)
}

fn main() {
    for text in ["bWFu", "bWE=", "fn4/", "bR==", "b*E="] {
        let data = decode(text);
        println!("{text} {}", data.as_deref().unwrap_or("refused"));
    }
}
