fn solve(size: usize, board: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    let row = board.len();
    if row == size {
        found.push(board.clone());
        return;
    }
    for column in 0..size {
        let mut queens = board.iter().enumerate();
        if queens.all(|(r, &c)| c != column && c.abs_diff(column) != row - r) {
            board.push(column);
            solve(size, board, found);
            board.pop();
        }
    }
}

fn solutions(size: usize) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    solve(size, &mut Vec::new(), &mut found);
    found
}

/// Whether no turn or mirror image of the board sorts before it.
fn is_first(board: &[usize]) -> bool {
    let mut image = board.to_vec();
    (0..4).all(|_| {
        image.reverse();
        let mirrored = image.clone();
        for (row, &column) in mirrored.iter().enumerate() {
            image[column] = row;
        }
        board <= &mirrored[..] && board <= &image[..]
    })
}

fn main() {
    for size in 1..=8 {
        let boards = solutions(size);
        let distinct = boards.iter().filter(|board| is_first(board)).count();
        println!("{size}: {} solutions, {distinct} distinct", boards.len());
    }
    for &column in &solutions(6)[0] {
        println!("{}Q{}", ".".repeat(column), ".".repeat(5 - column));
    }
}
