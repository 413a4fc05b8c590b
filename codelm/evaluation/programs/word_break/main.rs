/// In falling order of length, which settles ties.
const WORDS: [&str; 11] = [
    "sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a",
];

#[derive(Clone, Default)]
struct Splits {
    ways: u64,
    best: Option<Vec<&'static str>>,
}

fn split(text: &str) -> Splits {
    let mut tails = vec![Splits::default(); text.len()];
    tails.push(Splits {
        ways: 1,
        best: Some(Vec::new()),
    });
    for start in (0..text.len()).rev() {
        let mut splits = Splits::default();
        for word in WORDS {
            if !text[start..].starts_with(word) {
                continue;
            }
            let rest = &tails[start + word.len()];
            splits.ways += rest.ways;
            if let Some(words) = &rest.best {
                let fewest = splits.best.as_ref().map_or(usize::MAX, Vec::len);
                if words.len() + 1 < fewest {
                    splits.best = Some([&[word], words.as_slice()].concat());
                }
            }
        }
        tails[start] = splits;
    }
    tails.swap_remove(0)
}

fn main() {
    let many = "a".repeat(40);
    for text in [
        "catsanddogs",
        "catsandog",
        "dogsandcats",
        "sandydogsandaacat",
        "",
        &many,
    ] {
        let Splits { ways, best } = split(text);
        let best = best.map_or("none".to_string(), |words| words.join(" "));
        println!("{text}: {ways} ways, best '{best}'");
    }
}
