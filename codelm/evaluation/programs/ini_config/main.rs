use std::collections::HashMap;

const SOURCE: &str = "max = 5
[web]
port = 8080  ; not 80
just words
[job
[job]
port = eighty";

struct Config<'a> {
    values: HashMap<String, &'a str>,
}

impl<'a> Config<'a> {
    fn parse(source: &'a str) -> Self {
        let mut values = HashMap::new();
        let mut section = "main";
        for (number, raw) in (1..).zip(source.lines()) {
            let line = raw.split(';').next().unwrap_or_default().trim();
            if line.starts_with('[') && line.ends_with(']') {
                section = line.trim_matches(&['[', ']'][..]);
            } else if let Some((key, value)) = line.split_once('=') {
                let name = format!("{section}.{}", key.trim());
                values.insert(name, value.trim());
            } else if !line.is_empty() {
                println!("line {number}: cannot read <{line}>");
            }
        }
        Config { values }
    }

    fn integer(&self, name: &str, default: u32) -> Result<u32, String> {
        match self.values.get(name) {
            Some(text) => text
                .parse()
                .map_err(|_| format!("<{text}> is not an integer")),
            None => Ok(default),
        }
    }
}

fn main() {
    let config = Config::parse(SOURCE);
    for name in ["main.max", "web.port", "web.size", "job.port"] {
        match config.integer(name, 3) {
            Ok(value) => println!("{name} + 1 is {}", value + 1),
            Err(reason) => println!("{name}: {reason}"),
        }
    }
}
