use std::collections::VecDeque;

#[derive(Default)]
struct LruCache {
    capacity: usize,
    entries: VecDeque<(char, usize)>,
    evicted: String,
}

impl LruCache {
    fn take(&mut self, page: char) -> Option<(char, usize)> {
        let i = self.entries.iter().position(|&(key, _)| key == page)?;
        self.entries.remove(i)
    }

    fn get(&mut self, page: char) -> Option<usize> {
        let entry = self.take(page)?;
        self.entries.push_back(entry);
        Some(entry.1)
    }

    fn put(&mut self, page: char, time: usize) {
        self.take(page);
        self.entries.push_back((page, time));
        if self.entries.len() > self.capacity {
            if let Some((oldest, _)) = self.entries.pop_front() {
                self.evicted.push(oldest);
            }
        }
    }
}

fn main() {
    for capacity in 0..5 {
        let mut cache = LruCache {
            capacity,
            ..Default::default()
        };
        let mut hits = 0;
        for (time, page) in "abacbdacaab".chars().enumerate() {
            match cache.get(page) {
                Some(_) => hits += 1,
                None => cache.put(page, time),
            }
        }
        cache.put('a', 99);
        print!("{capacity}: {hits} hits, evicted [{}], kept", cache.evicted);
        for (page, time) in &cache.entries {
            print!(" {page}{time}");
        }
        println!();
    }
}
