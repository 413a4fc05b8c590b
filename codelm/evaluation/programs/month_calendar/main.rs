fn is_leap(year: usize) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: usize, month: usize) -> usize {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn first_weekday(year: usize, month: usize) -> usize {
    // Year 1 began on a Monday.
    let past = year - 1;
    let days = 365 * past + past / 4 - past / 100 + past / 400;
    let months: usize = (1..month).map(|m| month_length(year, m)).sum();
    (days + months) % 7
}

fn print_page(year: usize, month: usize) {
    println!("      {year}-{month:02}\nMo Tu We Th Fr Sa Su");
    let mut cells = vec![String::from("  "); first_weekday(year, month)];
    cells.extend((1..=month_length(year, month)).map(|day| format!("{day:2}")));
    for week in cells.chunks(7) {
        println!("{}", week.join(" "));
    }
}

fn main() {
    print_page(1900, 2);
    print_page(2000, 10);
}
