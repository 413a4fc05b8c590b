struct Ride {
    start: i32,
    goal: i32,
}

fn serve(mut waiting: Vec<Ride>) -> i32 {
    let mut aboard: Vec<Ride> = Vec::new();
    let (mut floor, mut step, mut travelled) = (5, 1, 0);
    while !(waiting.is_empty() && aboard.is_empty()) {
        let starts = waiting.iter().map(|ride| ride.start);
        let calls = starts.chain(aboard.iter().map(|ride| ride.goal));
        let ahead = calls.map(|call| (call - floor) * step);
        match ahead.filter(|&way| way >= 0).min() {
            None => step = -step,
            Some(way) => {
                travelled += way;
                floor += way * step;
                let before = aboard.len();
                aboard.retain(|ride| ride.goal != floor);
                let left = before - aboard.len();
                let (entering, outside): (Vec<_>, _) =
                    waiting.into_iter().partition(|ride| ride.start == floor);
                println!("floor {floor}: {left} out, {} in", entering.len());
                waiting = outside;
                aboard.extend(entering);
            }
        }
    }
    travelled
}

fn main() {
    for count in [0, 1, 5] {
        let rides = (1..=count).map(|i| Ride {
            start: i * 4 % 11,
            goal: i * 9 % 11,
        });
        println!("{count} rides, {} floors travelled", serve(rides.collect()));
    }
}
