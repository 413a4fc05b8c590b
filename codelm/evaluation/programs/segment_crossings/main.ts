type Point = readonly [x: number, y: number];
type Segment = readonly [low: Point, high: Point];
type Relation = "crosses" | "touches" | "overlaps" | "misses";

function side([[x1, y1], [x2, y2]]: Segment, [x, y]: Point): number {
  return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
}

/** Orders points by x, then by y, where these are below 100. */
const rank = ([x, y]: Point): number => 100 * x + y;

function relation(s: Segment, t: Segment): Relation {
  const [a, b] = [side(s, t[0]), side(s, t[1])];
  if (a === 0 && b === 0) {
    const first = Math.max(rank(s[0]), rank(t[0]));
    const last = Math.min(rank(s[1]), rank(t[1]));
    return first < last ? "overlaps" : first === last ? "touches" : "misses";
  }
  const apart = Math.max(a * b, side(t, s[0]) * side(t, s[1]));
  return apart < 0 ? "crosses" : apart === 0 ? "touches" : "misses";
}

const segments: readonly Segment[] = [
  [[0, 0], [6, 6]],
  [[0, 6], [6, 0]],
  [[3, 3], [9, 9]],
  [[9, 9], [10, 10]],
];
for (const [i, s] of segments.entries()) {
  for (let j = i + 1; j < segments.length; j++) {
    console.log(i, relation(s, segments[j]), j);
  }
}
