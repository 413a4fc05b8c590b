// The two ends of a segment are in order.
const segments = [
  [[0, 0], [6, 6]],
  [[0, 6], [6, 0]],
  [[3, 3], [9, 9]],
  [[9, 9], [10, 10]],
];

const side = ([[x1, y1], [x2, y2]], [x, y]) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);

const compare = ([ax, ay], [bx, by]) => ax - bx || ay - by;

function relation(s, t) {
  const sides = t.map((end) => side(s, end));
  if (sides.every((value) => value === 0)) {
    const [, first] = [s[0], t[0]].sort(compare);
    const [last] = [s[1], t[1]].sort(compare);
    return ["overlaps", "touches", "misses"][Math.sign(compare(first, last)) + 1];
  }
  const apart = Math.max(sides[0] * sides[1], side(t, s[0]) * side(t, s[1]));
  return ["crosses", "touches", "misses"][Math.sign(apart) + 1];
}

segments.forEach((s, i) => {
  for (let j = i + 1; j < segments.length; j++) {
    console.log(i, relation(s, segments[j]), j);
  }
});
