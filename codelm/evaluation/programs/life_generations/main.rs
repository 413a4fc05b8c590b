use std::collections::{BTreeMap, BTreeSet};

/// Live cells; the two digits of each are its row and its column.
type World = BTreeSet<i32>;

fn step(live: &World) -> World {
    let mut crowd = BTreeMap::new();
    for cell in live {
        for row in [-10, 0, 10] {
            for column in -1..=1 {
                *crowd.entry(cell + row + column).or_insert(0) += 1;
            }
        }
    }
    crowd.retain(|cell, count| *count == 3 || *count == 4 && live.contains(cell));
    crowd.into_keys().collect()
}

fn draw(live: &World) -> String {
    let first = live.iter().next().expect("no seed here dies out");
    let rows = [0, 10, 20, 30].map(|row| {
        let cells = first + row - 2..=first + row + 2;
        let marks = cells.map(|cell| if live.contains(&cell) { '#' } else { '.' });
        marks.collect::<String>()
    });
    rows.join(" ")
}

fn main() {
    let seeds = [
        World::from([22, 23, 32, 33]),
        World::from([22, 23, 24]),
        World::from([22, 33, 41, 42, 43]),
    ];
    for seed in seeds {
        let mut live = seed.clone();
        for period in 1..9 {
            println!("{}", draw(&live));
            live = step(&live);
            if draw(&live) == draw(&seed) {
                println!("period {period}");
                break;
            }
        }
    }
}
