class Polygon {
  constructor(...corners) {
    this.edges = corners.map((corner, i) => [corners.at(i - 1), corner]);
  }

  locate(x, y) {
    let inside = false;
    for (const [[x1, y1], [x2, y2]] of this.edges) {
      const side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
      if (side === 0 && (x - x1) * (x - x2) <= 0 && (y - y1) * (y - y2) <= 0) {
        return "edge";
      }
      if (y1 > y !== y2 > y && side > 0 === y2 > y1) {
        inside = !inside;
      }
    }
    return inside ? "inside" : "outside";
  }
}

const marks = { inside: "#", edge: "+", outside: "." };
const crown = new Polygon([0, 0], [9, 0], [9, 5], [6, 2], [4, 6], [2, 2], [0, 5]);
let inside = 0;

for (let y = 6; y > -2; y--) {
  let row = "";
  for (let x = -1; x < 11; x++) {
    const place = crown.locate(x, y);
    row += marks[place];
    if (place === "inside") inside++;
  }
  console.log(row);
}
console.log("inside:", inside);
