fn gcd(a: i64, b: i64) -> i64 {
    match b {
        0 => a.abs(),
        _ => gcd(b, a % b),
    }
}

fn ratio(numerator: i64, denominator: i64) -> String {
    let divisor = gcd(numerator, denominator) * denominator.signum();
    match (numerator / divisor, denominator / divisor) {
        (top, 1) => top.to_string(),
        (top, bottom) => format!("{top}/{bottom}"),
    }
}

/// Solves N equations, each a row of N coefficients and the right-hand side.
fn solve<const N: usize, const M: usize>(mut rows: [[i64; M]; N]) -> Result<Vec<String>, usize> {
    for column in 0..N {
        let found = (column..N).find(|&i| rows[i][column] != 0).ok_or(column)?;
        rows.swap(column, found);
        let pivot = rows[column];
        for (i, row) in rows.iter_mut().enumerate() {
            if i != column {
                *row = std::array::from_fn(|j| pivot[column] * row[j] - row[column] * pivot[j]);
            }
        }
    }
    let values = rows.iter().enumerate();
    Ok(values.map(|(i, row)| ratio(row[N], row[i])).collect())
}

fn show<const N: usize, const M: usize>(rows: [[i64; M]; N]) {
    match solve(rows) {
        Ok(values) => println!("{}", values.join(" ")),
        Err(column) => println!("singular in column {}", column + 1),
    }
}

fn main() {
    show([[0, 2, 1, 1], [3, 0, 1, 2], [1, 1, 2, 1]]);
    show([[3, -6, 3], [-2, 4, 7]]);
    show([[-4, 6]]);
    show([[0, 1]]);
}
