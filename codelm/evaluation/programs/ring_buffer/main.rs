use std::fmt;

struct RingBuffer {
    slots: Vec<Option<char>>,
    written: usize,
}

impl RingBuffer {
    fn with_capacity(capacity: usize) -> Self {
        RingBuffer {
            slots: vec![None; capacity],
            written: 0,
        }
    }

    fn push(&mut self, entry: char) {
        let next = self.written % self.slots.len();
        self.slots[next] = Some(entry);
        self.written += 1;
    }

    fn iter(&self) -> impl Iterator<Item = char> + '_ {
        let (newer, older) = self.slots.split_at(self.written % self.slots.len());
        older.iter().chain(newer).copied().flatten()
    }
}

impl fmt::Display for RingBuffer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let slots: String = self.slots.iter().map(|slot| slot.unwrap_or('.')).collect();
        let kept: String = self.iter().collect();
        write!(f, "{} kept: {slots} -> {kept}", kept.len())
    }
}

fn main() {
    for (capacity, entries) in [(1, "xy"), (3, "abcdefg"), (4, "pqr")] {
        let mut log = RingBuffer::with_capacity(capacity);
        for entry in entries.chars() {
            log.push(entry);
            println!("{} written, {log}", log.written);
        }
    }
}
