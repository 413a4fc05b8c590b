type Point = (i32, i32);

fn cross(o: Point, a: Point, b: Point) -> i32 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = chain[..] {
            if cross(a, b, point) > 0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

fn report(size: i32) {
    let mut points: Vec<Point> = (0..size).map(|i| (i * i % 11 - 5, i * 3 % 7)).collect();
    points.sort_unstable();
    points.dedup();
    let mut ring = half_hull(points.iter().copied());
    ring.extend(half_hull(points.iter().rev().copied()).into_iter().skip(1));

    let edges = ring.windows(2);
    let area: i32 = edges.map(|edge| cross((0, 0), edge[0], edge[1])).sum();
    print!("{} points, doubled area {area}:", points.len());
    for (x, y) in ring {
        print!(" ({x},{y})");
    }
    println!();
}

fn main() {
    for size in [1, 2, 3, 9, 40] {
        report(size);
    }
}
