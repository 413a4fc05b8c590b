enum Place {
    Inside,
    Edge,
    Outside,
}

fn locate(polygon: &[(i32, i32)], x: i32, y: i32) -> Place {
    let mut inside = false;
    let followers = polygon.iter().cycle().skip(1);
    for (&(x1, y1), &(x2, y2)) in polygon.iter().zip(followers) {
        let side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
        if side == 0 && (x - x1) * (x - x2) <= 0 && (y - y1) * (y - y2) <= 0 {
            return Place::Edge;
        }
        if (y1 > y) != (y2 > y) {
            inside ^= (side > 0) == (y2 > y1);
        }
    }
    if inside {
        Place::Inside
    } else {
        Place::Outside
    }
}

fn main() {
    let crown = [(0, 0), (9, 0), (9, 5), (6, 2), (4, 6), (2, 2), (0, 5)];
    let mut total = 0;
    for y in (-1..7).rev() {
        for x in -1..11 {
            match locate(&crown, x, y) {
                Place::Inside => {
                    print!("#");
                    total += 1;
                }
                Place::Edge => print!("+"),
                Place::Outside => print!("."),
            }
        }
        println!();
    }
    println!("inside: {total}");
}
