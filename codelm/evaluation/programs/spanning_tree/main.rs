struct Parts(Vec<usize>);

impl Parts {
    fn new(size: usize) -> Self {
        Parts((0..size).collect())
    }

    fn root(&mut self, house: usize) -> usize {
        if self.0[house] != house {
            self.0[house] = self.root(self.0[house]);
        }
        self.0[house]
    }

    fn join(&mut self, one: usize, other: usize) -> bool {
        let (from, to) = (self.root(one), self.root(other));
        self.0[from] = to;
        from != to
    }
}

/// A cost and the two houses that it joins.
type Cable = (u32, usize, usize);

fn cheapest_network(size: usize, mut cables: Vec<Cable>) -> Vec<Cable> {
    let mut parts = Parts::new(size);
    cables.sort_by_key(|&(cost, _, _)| cost);
    cables.retain(|&(_, one, other)| parts.join(one, other));
    cables
}

fn report(size: usize, cables: &[Cable]) {
    let chosen = cheapest_network(size, cables.to_vec());
    for (cost, one, other) in &chosen {
        println!("{one}-{other} for {cost}");
    }
    let total: u32 = chosen.iter().map(|cable| cable.0).sum();
    println!("total {total}, parts {}", size - chosen.len());
}

fn main() {
    report(5, &[(7, 0, 1), (3, 0, 2), (1, 1, 2), (5, 2, 3), (2, 3, 4)]);
    report(5, &[(9, 1, 2), (9, 0, 2), (9, 0, 1), (0, 3, 4)]);
}
