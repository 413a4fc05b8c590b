const BEFORE: &str = "boil
add salt
add rice
wait
eat";

const AFTER: &str = "add salt
boil
add rice
stir
eat
rest";

fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (i, before) in old.iter().enumerate().rev() {
        for (j, after) in new.iter().enumerate().rev() {
            lengths[i][j] = if before == after {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

fn print_diff(old: &[&str], new: &[&str]) {
    let common = common_lengths(old, new);
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(before), Some(after)) if before == after => {
                println!("  {before}");
                i += 1;
                j += 1;
            }
            (Some(before), _) if j == new.len() || common[i + 1][j] >= common[i][j + 1] => {
                println!("- {before}");
                i += 1;
            }
            (_, Some(after)) => {
                println!("+ {after}");
                j += 1;
            }
            (_, None) => break,
        }
    }
}

fn main() {
    let old: Vec<&str> = BEFORE.lines().collect();
    let new: Vec<&str> = AFTER.lines().collect();
    print_diff(&old, &new);
    println!();
    print_diff(&new, &old);
    println!();
    print_diff(&[], &old[..1]);
}
