fn day_number(mut year: i32, mut month: i32, day: i32) -> i32 {
    // Years run from March, so that the leap day comes last.
    if month < 3 {
        year -= 1;
        month += 12;
    }
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 3) / 5 + day - 399
}

fn week_one(year: i32) -> i32 {
    // A multiple of 7 is a Monday; 4 January is always in week 1.
    day_number(year, 1, 4) / 7 * 7
}

fn iso_week(number: i32) -> String {
    let mut year = number / 365 + 2;
    while week_one(year) > number {
        year -= 1;
    }
    let past = number - week_one(year);
    format!("{year}-W{:02}-{}", past / 7 + 1, past % 7 + 1)
}

fn main() {
    let start = day_number(2024, 12, 30);
    let end = day_number(2027, 1, 3);
    println!("{}", iso_week(start));
    println!("{}", iso_week(end));
    println!("{} days", end - start);
    let long_years = (1..=400).filter(|&year| week_one(year + 1) - week_one(year) > 364);
    println!("{} long years", long_years.count());
}
