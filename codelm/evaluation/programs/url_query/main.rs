use std::collections::BTreeMap;
use std::num::ParseIntError;

type Values = BTreeMap<String, Vec<String>>;

fn decode(text: &str) -> Result<String, ParseIntError> {
    let text = text.replace('+', " ");
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16)?);
        bytes.extend(rest.bytes());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            encoded.push(b.into());
        } else {
            encoded += &format!("%{b:02X}");
        }
    }
    encoded
}

fn parse(query: &str) -> Result<Values, ParseIntError> {
    let mut values = Values::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        values.entry(decode(key)?).or_default().push(decode(value)?);
    }
    Ok(values)
}

fn main() -> Result<(), ParseIntError> {
    for query in [
        "q=fish+%26+chips",
        "tag=red&id=7&tag=a%2db%7E",
        "name=caf%c3%a9&flag&&=x",
        "sum=1%2b1=2&%25",
    ] {
        let mut pairs = Vec::new();
        for (key, values) in &parse(query)? {
            pairs.extend(
                values
                    .iter()
                    .map(|value| encode(key) + "=" + &encode(value)),
            );
        }
        println!("{}", pairs.join("&"));
    }
    Ok(())
}
