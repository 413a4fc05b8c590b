const WIDTH: i32 = 12;
const HEIGHT: i32 = 5;

fn expand(commands: &mut impl Iterator<Item = char>) -> String {
    let mut plain = String::new();
    let mut count = 1;
    while let Some(command) = commands.next().filter(|&command| command != ')') {
        if let Some(digit) = command.to_digit(10) {
            count = digit as usize;
            continue;
        }
        let body = match command {
            '(' => expand(commands),
            mark => mark.to_string(),
        };
        plain += &body.repeat(count);
        count = 1;
    }
    plain
}

fn draw(commands: &str) -> Vec<String> {
    let mut canvas = vec![vec!['.'; WIDTH as usize]; HEIGHT as usize];
    let (mut x, mut y): (i32, i32) = (0, 0);
    let (mut dx, mut dy) = (1, 0);
    for command in commands.chars() {
        match command {
            'F' => {
                x = (x + dx).rem_euclid(WIDTH);
                y = (y + dy).rem_euclid(HEIGHT);
            }
            'R' => (dx, dy) = (-dy, dx),
            mark => canvas[y as usize][x as usize] = mark,
        }
    }
    canvas.into_iter().map(String::from_iter).collect()
}

fn main() {
    for program in ["2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o"] {
        println!("{program}");
        for row in draw(&expand(&mut program.chars())) {
            println!("{row}");
        }
    }
}
