use std::cmp::Reverse;
use std::collections::BinaryHeap;

type Entry<'a> = Reverse<(i32, char, &'a [i32])>;

/// The first value of a run with its name and what is left after it.
fn entry(name: char, values: &[i32]) -> Option<Entry<'_>> {
    let (&first, rest) = values.split_first()?;
    Some(Reverse((first, name, rest)))
}

fn merge<'a>(runs: &[(char, &'a [i32])]) -> impl Iterator<Item = (i32, char)> + 'a {
    let mut heap: BinaryHeap<Entry<'a>> = runs
        .iter()
        .filter_map(|&(name, values)| entry(name, values))
        .collect();
    std::iter::from_fn(move || {
        let Reverse((value, name, rest)) = heap.pop()?;
        heap.extend(entry(name, rest));
        Some((value, name))
    })
}

fn main() {
    let runs: [(char, &[i32]); 4] = [
        ('A', &[1, 4, 4, 9, 12]),
        ('B', &[]),
        ('C', &[-3, 4, 9, 12]),
        ('D', &[-3, 0, 1, 12, 12, 40]),
    ];
    for (value, name) in merge(&runs) {
        println!("{value:3} {name}");
    }
}
