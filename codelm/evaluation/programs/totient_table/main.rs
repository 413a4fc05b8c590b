const BASE: u64 = 10;

fn factorise(mut n: u64) -> Vec<(u64, u32)> {
    let mut factors = Vec::new();
    let mut prime = 2;
    while n > 1 {
        if prime * prime > n {
            prime = n;
        }
        let mut exponent = 0;
        while n % prime == 0 {
            n /= prime;
            exponent += 1;
        }
        if exponent > 0 {
            factors.push((prime, exponent));
        }
        prime += 1;
    }
    factors
}

fn order(modulus: u64) -> usize {
    let powers = std::iter::successors(Some(BASE % modulus), |power| Some(power * BASE % modulus));
    1 + powers.take_while(|&power| power != 1).count()
}

fn main() {
    for n in [7, 97, 360, 1001, 2048, 5929, 9999, 65537] {
        let factors = factorise(n);
        let totient = factors
            .iter()
            .fold(n, |total, (prime, _)| total - total / prime);
        let coprime = factors.iter().all(|(prime, _)| BASE % prime != 0);
        let period = if coprime {
            order(n).to_string()
        } else {
            "-".to_string()
        };
        let product: Vec<String> = factors
            .iter()
            .map(|&(prime, exponent)| match exponent {
                1 => prime.to_string(),
                _ => format!("{prime}^{exponent}"),
            })
            .collect();
        println!("{n:6} {totient:6} {period:>6}  {}", product.join(" * "));
    }
}
