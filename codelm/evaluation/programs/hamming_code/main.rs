// Each data bit with its parity bits.
const GENERATOR: [u8; 4] = [0x0F, 0x33, 0x55, 0x96];

fn fold(values: impl IntoIterator<Item = u8>, mask: u8) -> u8 {
    let values = values.into_iter().enumerate();
    values
        .filter(|(i, _)| mask >> i & 1 == 1)
        .fold(0, |total, (_, value)| total ^ value)
}

/// The nibble, or None for a double error.
fn decode(mut code: u8) -> Option<u8> {
    let error = fold(0..8, code);
    if code.count_ones() % 2 == 1 {
        code ^= 1 << error;
    } else if error != 0 {
        return None;
    }
    Some(code >> 4 & 14 | code >> 3 & 1)
}

fn main() {
    let mut corrected = 0;
    let mut detected = 0;
    for nibble in 0..16 {
        let code = fold(GENERATOR, nibble);
        println!("{code:08b} {}", decode(code).unwrap());
        for a in 0..8 {
            let received = code ^ 1 << a;
            if decode(received) == Some(nibble) {
                corrected += 1;
            }
            detected += (0..a)
                .filter(|b| decode(received ^ 1 << b).is_none())
                .count();
        }
    }
    println!("corrected {corrected}, detected {detected}");
}
