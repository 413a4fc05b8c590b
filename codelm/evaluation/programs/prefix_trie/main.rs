use std::collections::BTreeMap;

#[derive(Default)]
struct Trie {
    passing: i32,
    ending: i32,
    children: BTreeMap<char, Trie>,
}

impl Trie {
    /// A word leaves the trie by a negative number of copies.
    fn add(&mut self, word: &str, copies: i32) {
        let mut node = self;
        node.passing += copies;
        for letter in word.chars() {
            node = node.children.entry(letter).or_default();
            node.passing += copies;
        }
        node.ending += copies;
    }

    fn find(&self, prefix: &str) -> Option<&Trie> {
        let mut letters = prefix.chars();
        letters.try_fold(self, |node, letter| node.children.get(&letter))
    }

    fn print_words(&self, prefix: &str) {
        for _ in 0..self.ending {
            print!(" {prefix}");
        }
        for (letter, child) in &self.children {
            child.print_words(&format!("{prefix}{letter}"));
        }
    }
}

fn main() {
    let mut root = Trie::default();
    for word in ["ten", "tea", "in", "tent", "inn", "ten", "to"] {
        root.add(word, 1);
    }
    for removed in ["ten", "in", "inn", "ten"] {
        root.add(removed, -1);
        for prefix in ["", "te", "in"] {
            if let Some(node) = root.find(prefix) {
                print!("{prefix}* {}", node.passing);
                node.print_words(prefix);
                println!();
            }
        }
    }
}
