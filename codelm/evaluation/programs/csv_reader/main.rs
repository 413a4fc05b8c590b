use std::mem;

const TABLE: &str = r#"lamp,"desk, white",20
chair,oak
"vase",,7
cup,"a ""b"" c","3"
pan,"open,12"#;

fn split_row(line: &str) -> Result<[String; 3], String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut previous = None;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if quoted && previous == Some('"') {
                    field.push(c);
                }
            }
            ',' if !quoted => fields.push(mem::take(&mut field)),
            _ => field.push(c),
        }
        previous = Some(c);
    }
    fields.push(field);
    if quoted {
        return Err("unclosed quote".into());
    }
    let count = fields.len();
    fields
        .try_into()
        .map_err(|_| format!("expected 3 fields, got {count}"))
}

fn main() {
    let (mut rows, mut rejected) = (0, 0);
    for (number, line) in (1..).zip(TABLE.lines()) {
        match split_row(line) {
            Ok([item, note, price]) => {
                println!("{item:<6}[{note}] {price}");
                rows += 1;
            }
            Err(reason) => {
                println!("line {number}: {reason}");
                rejected += 1;
            }
        }
    }
    println!("{rows} rows, {rejected} rejected");
}
