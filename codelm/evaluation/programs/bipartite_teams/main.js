const leagues = [
  [[1, 3], [0, 2], [1, 3], [0, 2], [5], [4]],
  [[1], [0, 2], [1, 3, 4], [2, 4], [2, 3]],
  [[], [1]],
];

function split(rivals) {
  const side = new Map();

  // Returns the odd cycle that is in the way, if there is one.
  function place(player, before = []) {
    if (side.has(player)) return null;
    side.set(player, before.length % 2);
    const path = [...before, player];
    for (const rival of rivals[player]) {
      if (side.get(rival) === side.get(player)) return path.slice(path.indexOf(rival));
      const cycle = place(rival, path);
      if (cycle) return cycle;
    }
    return null;
  }

  const players = [...rivals.keys()];
  for (const player of players) {
    const cycle = place(player);
    if (cycle) return { cycle };
  }
  return { teams: [0, 1].map((team) => players.filter((player) => side.get(player) === team)) };
}

const format = (players) => `[${players.join(", ")}]`;

for (const league of leagues) {
  const { cycle, teams } = split(league);
  console.log(cycle ? `odd cycle ${format(cycle)}` : teams.map(format).join(" against "));
}
