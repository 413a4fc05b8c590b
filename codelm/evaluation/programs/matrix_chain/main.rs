/// A cost and the order that reaches it.
type Plan = (u64, String);

fn plan(sizes: &[u64]) -> Plan {
    let count = sizes.len() - 1;
    let mut best = vec![vec![Plan::default(); count]; count];
    for (first, name) in (0..count).zip(b'A'..=b'Z').rev() {
        best[first][first].1 = char::from(name).to_string();
        for last in first + 1..count {
            let plans = (first..last).map(|middle| {
                let (left_cost, left) = &best[first][middle];
                let (right_cost, right) = &best[middle + 1][last];
                let product = sizes[first] * sizes[middle + 1] * sizes[last + 1];
                (left_cost + right_cost + product, format!("({left}{right})"))
            });
            if let Some(cheapest) = plans.min_by_key(|&(cost, _)| cost) {
                best[first][last] = cheapest;
            }
        }
    }
    best[0].pop().unwrap_or_default()
}

fn main() {
    let chains = [
        "4 7",
        "4 7 2",
        "40 20 30 10 30",
        "7 7 7 7 7",
        "30 35 15 5 10 20 25",
        "5000 3000 4000 6000",
    ];
    for chain in chains {
        let sizes: Result<Vec<u64>, _> = chain.split(' ').map(str::parse).collect();
        let (cost, order) = plan(&sizes.expect("sizes are whole numbers"));
        println!("{chain}: {order} costs {cost}");
    }
}
