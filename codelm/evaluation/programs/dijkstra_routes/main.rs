use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

fn roads_from(town: char) -> &'static [(char, u32)] {
    match town {
        'A' => &[('B', 4), ('C', 1)],
        'B' => &[('D', 5), ('E', 10)],
        'C' => &[('B', 2), ('D', 9)],
        'D' => &[('A', 1), ('E', 3)],
        'E' => &[('G', 0)],
        'F' => &[('A', 1)],
        'G' => &[('C', 6)],
        _ => &[],
    }
}

/// The length and the towns of the best route to each town in reach.
fn shortest_routes(start: char) -> BTreeMap<char, (u32, String)> {
    let mut best = BTreeMap::new();
    let mut queue = BinaryHeap::from([Reverse((0, start, start.to_string()))]);
    while let Some(Reverse((length, town, path))) = queue.pop() {
        if best.contains_key(&town) {
            continue;
        }
        for &(next, step) in roads_from(town) {
            queue.push(Reverse((length + step, next, format!("{path}{next}"))));
        }
        best.insert(town, (length, path));
    }
    best
}

fn main() {
    let routes = shortest_routes('A');
    for town in 'A'..='G' {
        match routes.get(&town) {
            Some((length, path)) => println!("{town} {length:2} {path}"),
            None => println!("{town}  - no road"),
        }
    }
}
