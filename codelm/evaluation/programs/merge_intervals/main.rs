type Span = (u32, u32);

const CLOSED: [Span; 2] = [(0, 8), (18, 24)];

fn merge(spans: &[Span]) -> Vec<Span> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (start, end) in sorted {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

fn gaps(busy: &[Span]) -> Vec<Span> {
    merge(&[&CLOSED, busy].concat())
        .windows(2)
        .map(|pair| (pair[0].1, pair[1].0))
        .collect()
}

fn format(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|(start, end)| format!(" {start}-{end}"))
        .collect()
}

fn report(spans: &[Span]) {
    let busy = merge(spans);
    let free = gaps(&busy);
    let hours: u32 = free.iter().map(|(start, end)| end - start).sum();
    println!("busy:{}", format(&busy));
    println!("free {hours}h:{}", format(&free));
}

fn main() {
    report(&[(10, 12), (9, 11), (12, 13), (16, 19), (5, 7)]);
    report(&[]);
    report(&[(11, 18), (8, 12), (9, 10)]);
}
