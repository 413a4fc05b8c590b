"""Motifs of records: filtering, sorting, totals."""

MOTIFS = {
    "stock": '''
class Item:
    """Something on the shelf."""
    name: str
    price: int
    stock: int

def stock_worth(items: list[Item]) -> int:
    """Worth of all that is on the shelf."""
    return sum(item.price * item.stock for item in items)

items = [Item(WORD(), INT(2, 20), INT(0, 9)), Item(WORD(), INT(2, 20), INT(1, 9)), Item(WORD(), INT(2, 20), INT(1, 9))]
if MAYBE:
    items.sort(key=lambda item: CHOICE(item.price, item.stock))
for item in items:
    if CHOICE(item.price > INT(2, 15), item.stock > INT(1, 5)):
        print(f"{item.name}: {item.price}")
if MAYBE:
    if any(item.stock < INT(2, 5) for item in items):
        print("order more")
print(f"worth: {stock_worth(items)}")
''',
    "accounts": '''
class Account:
    """Money of one person."""
    owner: str
    balance: int

def withdraw(account: Account, amount: int) -> bool:
    """Take money out, if there is enough."""
    if amount > account.balance:
        return False
    account.balance -= amount
    return True

def deposit(account: Account, amount: int) -> None:
    account.balance += amount

def transfer(source: Account, target: Account, amount: int) -> None:
    """Move money, as far as there is enough."""
    if withdraw(source, amount):
        deposit(target, amount)
    else:
        print("not enough money")

first = Account(PERSON(), INT(20, 100))
second = Account(PERSON(), INT(0, 50))
transfer(first, second, INT(5, 90))
if MAYBE:
    deposit(first, INT(1, 20))
print(f"{first.owner}: {first.balance}")
print(f"{second.owner}: {second.balance}")
''',
    "account history": '''
class Account:
    owner: str
    balance: int

def apply_change(account: Account, change: int) -> None:
    """Book a change, if the balance allows it."""
    if account.balance + change >= 0:
        account.balance += change
    else:
        print(f"{account.owner} cannot pay {-change}")

account = Account(PERSON(), INT(10, 80))
for change in [INT(5, 30), -INT(10, 60), INT(1, 9), -INT(10, 60)]:
    apply_change(account, change)
print(account.balance)
''',
    "students": '''
class Student:
    """Someone with a grade."""
    name: str
    grade: int

def passed(students: list[Student], limit: int) -> list[str]:
    """Names of those who pass."""
    return [student.name for student in students if student.grade >= limit]

def passed(students: list[Student], limit: int) -> list[str]:
    """Names of those with a grade below the limit."""
    names: list[str] = []
    for student in students:
        if student.grade < limit:
            names.append(student.name)
    return names

students = [Student(PERSON(), INT(30, 99)), Student(PERSON(), INT(30, 99)), Student(PERSON(), INT(30, 99))]
if MAYBE:
    students.append(Student(PERSON(), INT(30, 99)))
print(f"names: {', '.join(passed(students, INT(50, 70)))}")
if EITHER:
    print(f"mean: {sum(student.grade for student in students) // len(students)}")
elif EITHER:
    print(f"best: {max(student.grade for student in students)}")
''',
    "ranking": '''
class Player:
    """Someone who plays."""
    name: str
    points: int

players: list[Player] = []
players.append(Player(PERSON(), INT(0, 50)))
players.append(Player(PERSON(), INT(0, 50)))
players.append(Player(PERSON(), INT(0, 50)))
if EITHER:
    players.sort(key=lambda player: player.points, reverse=True)
elif EITHER:
    players.sort(key=lambda player: player.name)
else:
    players.sort(key=lambda player: player.points)
for i, player in enumerate(players):
    print(f"{i + 1}. {player.name}: {player.points}")
''',
    "leader": '''
class Team:
    name: str
    won: int
    lost: int

def score(team: Team) -> int:
    """Points of a team."""
    return CHOICE(team.won * INT(2, 3) - team.lost, team.won - team.lost, team.won * 3 + team.lost)

def leader(teams: list[Team]) -> str:
    """Name of the team with the most points."""
    best = -INT(50, 99)
    name = ""
    for team in teams:
        if score(team) > best:
            best = score(team)
            name = team.name
    return name

teams = [Team(WORD(), INT(0, 9), INT(0, 9)), Team(WORD(), INT(0, 9), INT(0, 9)), Team(WORD(), INT(0, 9), INT(0, 9))]
print(f"leader: {leader(teams)}")
if MAYBE:
    for team in teams:
        print(f"{team.name}: {score(team)}")
''',
    "rectangles": '''
class Rectangle:
    """A rectangle by its sides."""
    width: int
    height: int

def area(shape: Rectangle) -> int:
    return shape.width * shape.height

def area(shape: Rectangle) -> int:
    """Length of the border."""
    return 2 * (shape.width + shape.height)

shapes = [Rectangle(INT(1, 20), INT(1, 20)), Rectangle(INT(1, 20), INT(1, 20)), Rectangle(INT(1, 20), INT(1, 20))]
if EITHER:
    for shape in shapes:
        print(f"{shape.width} x {shape.height}: {area(shape)}")
elif EITHER:
    print(f"largest: {max(area(shape) for shape in shapes)}")
    print(f"squares: {sum(1 for shape in shapes if shape.width == shape.height)}")
else:
    print(f"wide: {sum(1 for shape in shapes if shape.width > shape.height)}")
    print(f"total: {sum(area(shape) for shape in shapes)}")
''',
    "points": '''
class Spot:
    """A place on a grid."""
    x: int
    y: int

def distance(a: Spot, b: Spot) -> int:
    """Steps between two places along the grid."""
    return abs(a.x - b.x) + abs(a.y - b.y)

def distance(a: Spot, b: Spot) -> int:
    return max(abs(a.x - b.x), abs(a.y - b.y))

def distance(a: Spot, b: Spot) -> int:
    """Square of the distance."""
    dx = a.x - b.x
    dy = a.y - b.y
    return dx * dx + dy * dy

home = Spot(INT(0, 9), INT(0, 9))
spots = [Spot(INT(-9, 9), INT(0, 9)), Spot(INT(0, 9), INT(-9, 9)), Spot(INT(-5, 5), INT(-5, 5))]
if EITHER:
    for spot in spots:
        print(f"{spot.x}, {spot.y}: {distance(home, spot)}")
else:
    nearest = min(distance(home, spot) for spot in spots)
    print(f"nearest: {nearest}")
    if MAYBE:
        print(f"within reach: {sum(1 for spot in spots if distance(home, spot) < INT(8, 40))}")
''',
    "robot": '''
class Robot:
    """A robot on a grid."""
    x: int
    y: int

def drive(robot: Robot, command: char) -> None:
    """Obey one command."""
    if command == b"U":
        robot.y += 1
    elif command == b"D":
        robot.y -= 1
    elif command == b"R":
        robot.x += 1
    else:
        robot.x -= 1

robot = Robot(INT(0, 5), INT(0, 5))
for command in CHOICE("RRUL", "UUDR", "LLUUR", "DRDRU", "RULD", "UUULR"):
    drive(robot, command)
    if MAYBE:
        print(f"{command}: {robot.x}, {robot.y}")
print(f"at {robot.x}, {robot.y}")
''',
    "tasks": '''
class Job:
    """Something to do."""
    title: str
    hours: int
    urgent: bool

def plan(jobs: list[Job], limit: int) -> list[str]:
    """Jobs that fit into the day, in their order."""
    chosen: list[str] = []
    hours = 0
    for job in jobs:
        if hours + job.hours <= limit:
            chosen.append(job.title)
            hours += job.hours
    return chosen

jobs = [Job("clean", INT(1, 4), CHOICE(True, False)), Job("write", INT(1, 5), True), Job("paint", INT(2, 6), False)]
if MAYBE:
    jobs.append(Job("cook", INT(1, 3), CHOICE(True, False)))
if MAYBE:
    jobs.sort(key=lambda job: job.hours)
print(", ".join(plan(jobs, INT(4, 9))))
print(f"urgent: {sum(job.hours for job in jobs if job.urgent)}")
''',
    "books": '''
class Book:
    title: str
    year: int
    pages: int

def describe(book: Book) -> str:
    """One line about a book."""
    return f"{book.title} ({book.year}), {book.pages} pages"

def describe(book: Book) -> str:
    age = CHOICE("old", "classic") if book.year < INT(1950, 2005) else CHOICE("new", "modern")
    return f"{book.title}: {age}, {book.pages}"

books = [Book(WORD(), INT(1900, 2020), INT(80, 600)), Book(WORD(), INT(1900, 2020), INT(80, 600))]
for book in books:
    print(describe(book))
if EITHER:
    if all(book.pages > INT(90, 300) for book in books):
        print(CHOICE("all are long", "no short one"))
elif EITHER:
    print(f"pages: {sum(book.pages for book in books if book.year > INT(1920, 1990))}")
''',
    "fractions": '''
class Fraction:
    """A number as a quotient."""
    top: int
    bottom: int

def divisor(a: int, b: int) -> int:
    return a if b == 0 else divisor(b, a % b)

def add(p: Fraction, q: Fraction) -> Fraction:
    """Sum of two fractions in lowest terms."""
    upper = p.top * q.bottom + q.top * p.bottom
    lower = p.bottom * q.bottom
    common = divisor(upper, lower)
    return Fraction(upper // common, lower // common)

result = add(Fraction(INT(1, 9), INT(2, 12)), Fraction(INT(1, 9), INT(2, 12)))
print(f"{result.top}/{result.bottom}")
''',
    "time spans": '''
class Span:
    """A part of a day in minutes."""
    start: int
    end: int

def overlap(a: Span, b: Span) -> int:
    """Minutes that two spans share."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))

def clock(minutes: int) -> str:
    """Minutes as hours and minutes."""
    return f"{minutes // 60}h {minutes % 60}m"

morning = Span(INT(400, 500), INT(600, 700))
meeting = Span(INT(450, 600), INT(610, 800))
print(f"shared: {clock(overlap(morning, meeting))}")
if MAYBE:
    print(clock(meeting.end - meeting.start))
''',
}
