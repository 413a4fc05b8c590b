/// `sums[i]` covers as many values up to `i` as its lowest set bit.
struct FenwickTree {
    sums: Vec<i32>,
}

impl FenwickTree {
    fn new(size: usize) -> Self {
        let sums = vec![0; size + 1];
        FenwickTree { sums }
    }

    fn add(&mut self, mut value: usize, count: i32) {
        while let Some(sum) = self.sums.get_mut(value) {
            *sum += count;
            value += 1 << value.trailing_zeros();
        }
    }

    fn up_to(&self, value: usize) -> i32 {
        match value {
            0 => 0,
            _ => self.sums[value] + self.up_to(value & (value - 1)),
        }
    }

    fn ranked(&self, mut rank: i32) -> usize {
        let mut value = 0;
        let mut step = self.sums.len().next_power_of_two();
        while step > 0 {
            match self.sums.get(value + step) {
                Some(&sum) if sum < rank => {
                    rank -= sum;
                    value += step;
                }
                _ => {}
            }
            step /= 2;
        }
        value + 1
    }
}

fn main() {
    let mut ages = FenwickTree::new(100);
    for (age, count) in [
        (34, 2),
        (7, 1),
        (100, 1),
        (61, 3),
        (7, -1),
        (1, 4),
        (64, 5),
        (100, -1),
    ] {
        ages.add(age, count);
        let total = ages.up_to(100);
        let median = ages.ranked((total + 1) / 2);
        let oldest = ages.ranked(total);
        let minors = ages.up_to(17);
        println!("{total} people, {minors} minors, median {median}, oldest {oldest}");
    }
}
