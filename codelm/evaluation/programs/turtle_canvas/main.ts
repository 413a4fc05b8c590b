const width = 12;
const height = 5;

class Turtle {
  private readonly canvas = Array.from({ length: height }, () => Array<string>(width).fill("."));
  private x = 0;
  private y = 0;
  private heading: readonly [dx: number, dy: number] = [1, 0];

  obey(command: string): void {
    const [dx, dy] = this.heading;
    switch (command) {
      case "F":
        this.x = (this.x + dx + width) % width;
        this.y = (this.y + dy + height) % height;
        break;
      case "R":
        this.heading = [-dy, dx];
        break;
      default:
        this.canvas[this.y][this.x] = command;
    }
  }

  toString(): string {
    return this.canvas.map((row) => row.join("")).join("\n");
  }
}

function expand(commands: string[]): string {
  let plain = "";
  let count = 1;
  for (let command = commands.shift(); command && command !== ")"; command = commands.shift()) {
    if (/\d/.test(command)) {
      count = Number(command);
    } else {
      plain += (command === "(" ? expand(commands) : command).repeat(count);
      count = 1;
    }
  }
  return plain;
}

for (const program of ["2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o"]) {
  const turtle = new Turtle();
  for (const command of expand([...program])) {
    turtle.obey(command);
  }
  console.log(`${program}\n${turtle}`);
}
