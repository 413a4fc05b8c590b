use std::fmt;

struct Fraction(u64, u64);

impl Fraction {
    fn reduced(n: u64, d: u64) -> Self {
        let (mut a, mut b) = (n, d);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        Fraction(n / a, d / a)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Fraction(n, 1) => write!(f, "{n}"),
            Fraction(n, d) => write!(f, "{n}/{d}"),
        }
    }
}

/// What is left of a fraction; yields the largest unit fractions in it.
struct Rest(Fraction);

impl Iterator for Rest {
    type Item = Fraction;

    fn next(&mut self) -> Option<Fraction> {
        let Fraction(n, d) = self.0;
        let unit = (d + n - 1).checked_div(n)?;
        self.0 = Fraction::reduced(n * unit - d, d * unit);
        Some(Fraction(1, unit))
    }
}

fn main() {
    for (n, d) in [(0, 7), (6, 14), (7, 3), (12, 4), (19, 20), (4, 17), (8, 11)] {
        let whole = Some(Fraction(n / d, 1)).filter(|_| n == 0 || n >= d);
        let terms: Vec<String> = whole
            .into_iter()
            .chain(Rest(Fraction::reduced(n % d, d)))
            .map(|term| term.to_string())
            .collect();
        println!("{} = {}", Fraction::reduced(n, d), terms.join(" + "));
    }
}
