use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

// Within one minute clerks are freed before anybody comes in.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Leaving,
    Arrival(u32),
}

fn simulate(mut clerks: u32) {
    let arrivals = (0..9).map(|i| Reverse((i * 3 / 2, Event::Arrival(i))));
    let mut events: BinaryHeap<_> = arrivals.collect();
    let mut line = VecDeque::new();
    let (mut longest, mut closing) = (0, 0);
    print!("waits");
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Leaving => clerks += 1,
            Event::Arrival(customer) => line.push_back((now, customer)),
        }
        if clerks > 0 {
            if let Some((arrival, customer)) = line.pop_front() {
                clerks -= 1;
                print!(" {}", now - arrival);
                events.push(Reverse((now + 1 + customer * 5 % 7, Event::Leaving)));
            }
        }
        longest = longest.max(line.len());
        closing = now;
    }
    println!("\nlongest line {longest}, closed at {closing}");
}

fn main() {
    (1..5).for_each(simulate);
}
