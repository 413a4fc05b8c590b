const SIDE: usize = 4;

type Grid = [u8; SIDE * SIDE];

fn clash(a: usize, b: usize) -> bool {
    let (r, c, s, d) = (a / SIDE, a % SIDE, b / SIDE, b % SIDE);
    r == s || c == d || (r / 2 == s / 2 && c / 2 == d / 2)
}

fn solve(grid: &mut Grid, found: &mut Vec<Grid>) {
    let hole = match grid.iter().position(|&cell| cell == b'.') {
        Some(hole) => hole,
        None => return found.push(*grid),
    };
    for digit in b'1'..=b'4' {
        let mut cells = grid.iter().enumerate();
        if !cells.any(|(place, &cell)| cell == digit && clash(place, hole)) {
            grid[hole] = digit;
            solve(grid, found);
            grid[hole] = b'.';
        }
    }
}

fn main() {
    let puzzles = [
        "1....2....3....4",
        "123....4........",
        "..1.4......2.3..",
        "................",
    ];
    for puzzle in puzzles {
        let mut grid: Grid = puzzle.as_bytes().try_into().expect("sixteen cells");
        let mut solutions = Vec::new();
        solve(&mut grid, &mut solutions);
        println!("{puzzle} has {} solutions", solutions.len());
        for row in solutions.iter().take(1).flat_map(|grid| grid.chunks(SIDE)) {
            println!("{}", String::from_utf8_lossy(row));
        }
    }
}
