use std::fmt;

#[derive(Clone, Copy)]
struct Congruence(i64, i64);

impl Congruence {
    fn and(self, other: Self) -> Option<Self> {
        let (gcd, x, _) = extended_gcd(self.1, other.1);
        let distance = other.0 - self.0;
        if distance % gcd != 0 {
            return None;
        }
        let period = other.1 / gcd;
        let steps = (distance / gcd * x).rem_euclid(period);
        Some(Congruence(self.0 + self.1 * steps, self.1 * period))
    }
}

impl fmt::Display for Congruence {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} modulo {}", self.0, self.1)
    }
}

fn extended_gcd(a: i64, b: i64) -> (i64, i64, i64) {
    if b == 0 {
        return (a, 1, 0);
    }
    let (gcd, x, y) = extended_gcd(b, a % b);
    (gcd, y, x - a / b * y)
}

fn main() {
    let mut solution = Congruence(0, 1);
    for (r, m) in [(2, 3), (3, 5), (2, 7), (-1, 6), (4, 10), (-10, 99)] {
        let extra = Congruence(r, m);
        match solution.and(extra) {
            Some(combined) => {
                solution = combined;
                println!("{extra} leaves {solution}");
            }
            None => println!("{extra} cannot hold"),
        }
    }
}
