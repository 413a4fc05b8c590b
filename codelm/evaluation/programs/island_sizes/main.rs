use std::collections::HashMap;

/// A forest over the land, by cell number: 34 is in row 3, column 4.
#[derive(Default)]
struct Islands {
    parent: HashMap<i32, i32>,
    size: HashMap<i32, usize>,
}

impl Islands {
    fn find(&mut self, cell: i32) -> Option<i32> {
        let next = *self.parent.get(&cell)?;
        let root = if next == cell { cell } else { self.find(next)? };
        self.parent.insert(cell, root);
        Some(root)
    }

    fn add(&mut self, cell: i32) {
        if self.parent.contains_key(&cell) {
            return;
        }
        self.parent.insert(cell, cell);
        let mut size = 1;
        for step in [-10, -1, 1, 10] {
            match self.find(cell + step) {
                Some(root) if root != cell => {
                    self.parent.insert(root, cell);
                    size += self.size.remove(&root).unwrap_or(0);
                }
                _ => {}
            }
        }
        self.size.insert(cell, size);
    }
}

fn main() {
    let mut islands = Islands::default();
    for cell in [11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44] {
        islands.add(cell);
        let mut sizes: Vec<_> = islands.size.values().collect();
        sizes.sort_unstable();
        print!("{cell}:");
        sizes.iter().for_each(|size| print!(" {size}"));
        println!();
    }
}
