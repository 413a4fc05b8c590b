type Point = readonly [x: number, y: number];
type Place = "inside" | "edge" | "outside";

const MARKS: Record<Place, string> = { inside: "#", edge: "+", outside: "." };

function locate(polygon: readonly Point[], [x, y]: Point): Place {
  let place: Place = "outside";
  for (const [i, [x2, y2]] of polygon.entries()) {
    const [x1, y1] = polygon[(i || polygon.length) - 1];
    const side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
    const inBox = (x - x1) * (x - x2) <= 0 && (y - y1) * (y - y2) <= 0;
    if (side === 0 && inBox) {
      return "edge";
    }
    if (y1 > y !== y2 > y && side > 0 === y2 > y1) {
      place = place === "inside" ? "outside" : "inside";
    }
  }
  return place;
}

const crown: readonly Point[] = [[0, 0], [9, 0], [9, 5], [6, 2], [4, 6], [2, 2], [0, 5]];
const columns = Array.from({ length: 12 }, (_, i) => i - 1);
const places: Place[] = [];

for (let y = 6; y > -2; y--) {
  const row = columns.map((x) => locate(crown, [x, y]));
  console.log(row.map((place) => MARKS[place]).join(""));
  places.push(...row);
}
console.log("inside:", places.filter((place) => place === "inside").length);
