use std::array::from_fn;

const MODULUS: i64 = 1_000_007;

#[derive(Clone, Copy)]
struct Matrix<const N: usize>([[i64; N]; N]);

impl<const N: usize> Matrix<N> {
    fn identity() -> Self {
        Matrix(from_fn(|i| from_fn(|j| i64::from(i == j))))
    }

    fn times(self, other: Self) -> Self {
        let entry =
            |i: usize, j: usize| -> i64 { (0..N).map(|k| self.0[i][k] * other.0[k][j]).sum() };
        Matrix(from_fn(|i| from_fn(|j| entry(i, j).rem_euclid(MODULUS))))
    }

    fn power(self, exponent: u64) -> Self {
        if exponent == 0 {
            return Self::identity();
        }
        let half = self.power(exponent / 2);
        let even = half.times(half);
        if exponent % 2 == 0 {
            even
        } else {
            even.times(self)
        }
    }
}

fn show<const N: usize>(name: &str, cells: [[i64; N]; N]) {
    println!("{name}");
    for exponent in [0, 1, 10, 1_000_000_000_000] {
        let corner = Matrix(cells).power(exponent).0[0][N - 1];
        println!("  {exponent}: {corner}");
    }
}

fn main() {
    show("fibonacci", [[1, 1], [1, 0]]);
    show("signed", [[-1, 2], [1, 0]]);
    show("paths", [[0, 1, 0], [1, 0, 1], [1, 1, 0]]);
}
