const COINS: [u32; 4] = [50, 20, 10, 5];
const PRICE: u32 = 45;

struct Machine {
    stock: u32,
    credit: u32,
}

impl Machine {
    fn handle(&mut self, event: &str) -> String {
        match event {
            "back" => format!("returned{}", self.pay_out()),
            "tea" if self.stock == 0 => "sold out".into(),
            "tea" if self.credit < PRICE => format!("{} missing", PRICE - self.credit),
            "tea" => {
                self.stock -= 1;
                self.credit -= PRICE;
                format!("served, change{}", self.pay_out())
            }
            coin => match coin.parse() {
                Ok(value) if COINS.contains(&value) => {
                    self.credit += value;
                    format!("credit {}", self.credit)
                }
                _ => "refused".into(),
            },
        }
    }

    fn pay_out(&mut self) -> String {
        let mut coins = String::new();
        for coin in COINS {
            while self.credit >= coin {
                self.credit -= coin;
                coins += &format!(" {coin}");
            }
        }
        coins
    }
}

fn main() {
    let mut machine = Machine {
        stock: 2,
        credit: 0,
    };
    for event in "tea 50 50 tea 3 20 20 tea 5 tea 10 tea back".split(' ') {
        println!("{event}: {}", machine.handle(event));
    }
}
