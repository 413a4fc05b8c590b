use std::collections::BTreeMap;

/// Finds components after Tarjan; the stack holds the pages of those still open.
struct Search {
    links: BTreeMap<char, &'static str>,
    low: BTreeMap<char, usize>,
    stack: String,
    components: Vec<String>,
}

impl Search {
    fn visit(&mut self, page: char) -> usize {
        if let Some(&low) = self.low.get(&page) {
            return low;
        }
        let (number, depth) = (self.low.len(), self.stack.len());
        self.low.insert(page, number);
        self.stack.push(page);

        let nexts = self.links[&page].chars();
        let low = nexts.fold(number, |low, next| low.min(self.visit(next)));
        self.low.insert(page, low);
        if low < number {
            return low;
        }
        let component = self.stack.split_off(depth);
        for member in component.chars() {
            self.low.insert(member, usize::MAX);
        }
        self.components.push(component);
        usize::MAX
    }
}

fn main() {
    let links = BTreeMap::from([
        ('a', "e"),
        ('b', "ig"),
        ('c', "h"),
        ('d', ""),
        ('e', "gc"),
        ('f', "cd"),
        ('g', "a"),
        ('h', "f"),
        ('i', "bd"),
        ('j', "j"),
    ]);
    let mut search = Search {
        links,
        low: BTreeMap::new(),
        stack: String::new(),
        components: Vec::new(),
    };
    for page in 'a'..='j' {
        search.visit(page);
    }
    // Sinks are found first.
    for (i, component) in search.components.iter().rev().enumerate() {
        println!("{}. {component}", i + 1);
    }
}
