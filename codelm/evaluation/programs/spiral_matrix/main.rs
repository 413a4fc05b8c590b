type Grid = Vec<Vec<usize>>;

fn spiral(rows: usize, columns: usize) -> Vec<(usize, usize)> {
    let (mut row, mut column) = (0isize, -1isize);
    let (mut down, mut right) = (0, 1);
    let (mut ahead, mut aside) = (columns, rows);
    let mut cells = Vec::with_capacity(rows * columns);
    while ahead > 0 {
        for _ in 0..ahead {
            row += down;
            column += right;
            cells.push((row as usize, column as usize));
        }
        (ahead, aside) = (aside - 1, ahead);
        (down, right) = (right, -down);
    }
    cells
}

fn fill(rows: usize, columns: usize) -> Grid {
    let mut grid = vec![vec![0; columns]; rows];
    for (number, (row, column)) in (1..).zip(spiral(rows, columns)) {
        grid[row][column] = number;
    }
    grid
}

fn turn(grid: &Grid) -> Grid {
    (0..grid[0].len())
        .map(|column| grid.iter().rev().map(|line| line[column]).collect())
        .collect()
}

fn main() {
    for (rows, columns) in [(3, 4), (4, 2), (1, 3)] {
        let grid = fill(rows, columns);
        for line in &grid {
            for number in line {
                print!("{number:3}");
            }
            println!();
        }
        let turned = turn(&grid);
        print!("turned:");
        for (row, column) in spiral(columns, rows) {
            print!(" {}", turned[row][column]);
        }
        println!();
    }
}
