use std::cmp::Reverse;
use std::collections::HashMap;

const TEXT: &str = "
The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
";

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic() && c != '\'')
        .map(|field| field.trim_matches('\''))
        .filter(|word| !word.is_empty())
}

fn main() {
    let text = TEXT.to_lowercase();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in words(&text) {
        *counts.entry(word).or_default() += 1;
    }

    let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
    ranked.sort_by_key(|&(word, count)| (Reverse(count), word));
    let best = &ranked[..8];
    let width = best.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    for (word, count) in best {
        println!("{word:>width$} | {count:2} {}", "#".repeat(*count));
    }

    let total: usize = ranked.iter().map(|(_, count)| count).sum();
    println!("{total} words, {} distinct", ranked.len());
}
