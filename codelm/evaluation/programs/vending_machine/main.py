from dataclasses import dataclass

COINS = (50, 20, 10, 5)
PRICE = 45
EVENTS = "tea 50 50 tea 3 20 20 tea 5 tea 10 tea back"


@dataclass
class Machine:
    stock: int
    credit: int = 0

    def handle(self, event: str) -> str:
        match event:
            case "back":
                return "returned" + self.pay_out()
            case "tea" if self.stock == 0:
                return "sold out"
            case "tea" if self.credit < PRICE:
                return f"{PRICE - self.credit} missing"
            case "tea":
                self.stock -= 1
                self.credit -= PRICE
                return "served, change" + self.pay_out()
            case coin if int(coin) not in COINS:
                return "refused"
        self.credit += int(event)
        return f"credit {self.credit}"

    def pay_out(self) -> str:
        coins = ""
        for coin in COINS:
            count, self.credit = divmod(self.credit, coin)
            coins += f" {coin}" * count
        return coins


def main() -> None:
    machine = Machine(stock=2)
    for event in EVENTS.split():
        print(f"{event}: {machine.handle(event)}")


if __name__ == "__main__":
    main()
