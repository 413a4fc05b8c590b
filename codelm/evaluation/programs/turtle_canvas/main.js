const WIDTH = 12;
const HEIGHT = 5;

// Consumes the array, a nested call its own part of it.
function expand(commands) {
  let plain = "";
  let count = 1;
  while (commands.length > 0) {
    const command = commands.shift();
    if (command === ")") break;
    if (/\d/.test(command)) {
      count = Number(command);
    } else {
      plain += (command === "(" ? expand(commands) : command).repeat(count);
      count = 1;
    }
  }
  return plain;
}

function draw(commands) {
  const canvas = Array.from({ length: HEIGHT }, () => Array(WIDTH).fill("."));
  let [x, y, dx, dy] = [0, 0, 1, 0];
  for (const command of commands) {
    if (command === "F") {
      x = (x + dx + WIDTH) % WIDTH;
      y = (y + dy + HEIGHT) % HEIGHT;
    } else if (command === "R") {
      [dx, dy] = [-dy, dx];
    } else {
      canvas[y][x] = command;
    }
  }
  return canvas.map((row) => row.join("")).join("\n");
}

for (const program of ["2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o"]) {
  console.log(program);
  console.log(draw(expand([...program])));
}
