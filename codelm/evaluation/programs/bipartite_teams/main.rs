type Rivals = [&'static [usize]];

/// Places a player and all within reach; the error is an odd cycle.
fn place(
    rivals: &Rivals,
    sides: &mut [Option<bool>],
    player: usize,
    home: bool,
    before: &[usize],
) -> Result<(), Vec<usize>> {
    let path = [before, &[player]].concat();
    sides[player] = Some(home);
    for &rival in rivals[player] {
        match sides[rival] {
            None => place(rivals, sides, rival, !home, &path)?,
            Some(side) if side != home => {}
            Some(_) => return Err(path.into_iter().skip_while(|&step| step != rival).collect()),
        }
    }
    Ok(())
}

/// The side of each player, such that rivals are never on the same one.
fn split(rivals: &Rivals) -> Result<Vec<bool>, Vec<usize>> {
    let mut sides = vec![None; rivals.len()];
    for player in 0..rivals.len() {
        if sides[player].is_none() {
            place(rivals, &mut sides, player, true, &[])?;
        }
    }
    Ok(sides.into_iter().flatten().collect())
}

fn report(rivals: &Rivals) {
    match split(rivals) {
        Ok(sides) => {
            let (home, away): (Vec<_>, Vec<_>) =
                (0..sides.len()).partition(|&player| sides[player]);
            println!("{home:?} against {away:?}");
        }
        Err(cycle) => println!("odd cycle {cycle:?}"),
    }
}

fn main() {
    report(&[&[1, 3], &[0, 2], &[1, 3], &[0, 2], &[5], &[4]]);
    report(&[&[1], &[0, 2], &[1, 3, 4], &[2, 4], &[2, 3]]);
    report(&[&[], &[1]]);
}
