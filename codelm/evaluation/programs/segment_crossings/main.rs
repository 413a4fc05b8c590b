use std::cmp::Ordering;

type Point = (i32, i32);

/// The two ends, in order.
struct Segment(Point, Point);

impl Segment {
    fn side(&self, (x, y): Point) -> i32 {
        let Segment((x1, y1), (x2, y2)) = self;
        (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
    }

    fn relation(&self, other: &Segment) -> &'static str {
        let (a, b) = (self.side(other.0), self.side(other.1));
        let (close, gap) = if a == 0 && b == 0 {
            ("overlaps", self.0.max(other.0).cmp(&self.1.min(other.1)))
        } else {
            let across = other.side(self.0) * other.side(self.1);
            ("crosses", (a * b).max(across).cmp(&0))
        };
        match gap {
            Ordering::Less => close,
            Ordering::Equal => "touches",
            Ordering::Greater => "misses",
        }
    }
}

fn main() {
    let segments = [
        Segment((0, 0), (6, 6)),
        Segment((0, 6), (6, 0)),
        Segment((3, 3), (9, 9)),
        Segment((9, 9), (10, 10)),
    ];
    for (i, segment) in segments.iter().enumerate() {
        for (j, other) in segments.iter().enumerate().skip(i + 1) {
            println!("{i} {} {j}", segment.relation(other));
        }
    }
}
