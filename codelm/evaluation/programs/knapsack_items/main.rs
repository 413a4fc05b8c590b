struct Item {
    name: &'static str,
    weight: usize,
    value: u32,
}

/// Each row takes one more item into account than the row above.
fn best_values(items: &[Item], limit: usize) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; limit + 1]];
    for (n, item) in items.iter().enumerate() {
        let mut row = table[n].clone();
        for room in item.weight..=limit {
            row[room] = row[room].max(table[n][room - item.weight] + item.value);
        }
        table.push(row);
    }
    table
}

fn main() {
    let items = [
        ("tent", 9, 15),
        ("pan", 4, 7),
        ("rope", 5, 8),
        ("map", 0, 3),
        ("lamp", 2, 2),
    ]
    .map(|(name, weight, value)| Item {
        name,
        weight,
        value,
    });
    let table = best_values(&items, 30);
    for capacity in [0, 1, 5, 8, 9, 12, 19, 30] {
        let mut room = capacity;
        let mut chosen = Vec::new();
        for (item, rows) in items.iter().zip(table.windows(2)).rev() {
            if rows[1][room] > rows[0][room] {
                chosen.push(item.name);
                room -= item.weight;
            }
        }
        let value = table[items.len()][capacity];
        println!(
            "{capacity} kg: value {value}, spare {room}, {}",
            chosen.join(" ")
        );
    }
}
