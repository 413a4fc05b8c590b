struct Item {
    name: &'static str,
    count: i32,
    price: i32,
}

impl Item {
    fn cells(&self) -> [String; 3] {
        [
            self.name.to_string(),
            self.count.to_string(),
            self.price.to_string(),
        ]
    }
}

fn table(stock: &[Item]) -> Vec<String> {
    let total = Item {
        name: "total",
        count: stock.iter().map(|item| item.count).sum(),
        price: stock.iter().map(|item| item.price).sum(),
    };
    let mut rows = vec![["item", "count", "price"].map(String::from)];
    rows.extend(stock.iter().chain([&total]).map(Item::cells));

    let [a, b, c] = [0, 1, 2].map(|i| {
        rows.iter()
            .map(|row: &[String; 3]| row[i].len())
            .max()
            .unwrap_or(0)
    });
    let mut lines: Vec<String> = rows
        .iter()
        .map(|[name, count, price]| format!("{name:a$}  {count:>b$}  {price:>c$}"))
        .collect();
    let rule = "-".repeat(lines[0].len());
    lines.insert(lines.len() - 1, rule.clone());
    lines.insert(1, rule);
    lines
}

fn main() {
    let item = |name, count, price| Item { name, count, price };
    let stock = [
        item("hook", 250, 2000),
        item("a long rope", 12, 23940),
        item("returned", -3, -5),
    ];
    for line in table(&stock).iter().chain(&table(&[])) {
        println!("{line}");
    }
}
