use std::collections::VecDeque;

const GARDEN: &str = "\
#########
#S..#...#
#.#...#.#
#...#..G#
#########
";
const CELLS: &str = "\
#####
#S#G#
#####
";

/// The number of steps from S to G, which are marked in the maze; `None` without a way.
fn solve(maze: &mut [u8]) -> Option<usize> {
    let find = |tile| maze.iter().position(|&other| other == tile);
    let (start, goal, width) = (find(b'S')?, find(b'G')?, find(b'\n')? + 1);

    let mut before = vec![None; maze.len()];
    before[start] = Some(start);
    let mut queue = VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        for there in [here - width, here - 1, here + 1, here + width] {
            if maze[there] != b'#' && before[there].is_none() {
                before[there] = Some(here);
                queue.push_back(there);
            }
        }
    }

    let mut at = before[goal]?;
    let mut steps = 1;
    while at != start {
        maze[at] = b'*';
        at = before[at]?;
        steps += 1;
    }
    Some(steps)
}

fn main() {
    for text in [GARDEN, CELLS] {
        let mut maze = text.as_bytes().to_vec();
        let steps = solve(&mut maze);
        print!("{}", String::from_utf8_lossy(&maze));
        match steps {
            Some(steps) => println!("{steps} steps"),
            None => println!("no way"),
        }
    }
}
