const TEXT: &str = "
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
";

fn fill<'a>(words: &[&'a str], width: usize) -> Vec<Vec<&'a str>> {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let mut length = 0;
    for &word in words {
        length += 1 + word.len();
        match lines.last_mut() {
            Some(line) if length <= width => line.push(word),
            _ => {
                length = word.len();
                lines.push(vec![word]);
            }
        }
    }
    lines
}

fn justify(words: &[&str], width: usize) -> String {
    let gaps = words.len() - 1;
    if gaps == 0 {
        return words[0].to_string();
    }
    let spare = width - words.concat().len();
    let (every, extra) = (spare / gaps, spare % gaps);
    // The gaps on the left take the spaces that are left over.
    let (left, right) = words.split_at(extra + 1);
    let start = left.join(&" ".repeat(every + 1));
    [&[start.as_str()], right].concat().join(&" ".repeat(every))
}

fn main() {
    let mut words: Vec<&str> = TEXT.split_whitespace().collect();
    let first = format!("   {}", words[0]);
    words[0] = &first;
    for width in [18, 30, 90] {
        let mut lines = fill(&words, width);
        let last = lines.pop().unwrap_or_default();
        for line in &lines {
            println!("{}", justify(line, width));
        }
        println!("{}", last.join(" "));
    }
}
