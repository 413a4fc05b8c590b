type Rivals = readonly (readonly number[])[];
type Split = { readonly teams: number[][] } | { readonly oddCycle: number[] };

function split(rivals: Rivals): Split {
  const isHome: (boolean | undefined)[] = [];

  function place(player: number, home: boolean, before: readonly number[]): number[] | undefined {
    const path = [...before, player];
    isHome[player] = home;
    for (const rival of rivals[player]) {
      if (isHome[rival] === home) return path.slice(path.indexOf(rival));
      const cycle = isHome[rival] === undefined ? place(rival, !home, path) : undefined;
      if (cycle) return cycle;
    }
    return undefined;
  }

  const players = [...rivals.keys()];
  for (const player of players) {
    const oddCycle = isHome[player] === undefined ? place(player, true, []) : undefined;
    if (oddCycle) return { oddCycle };
  }
  return { teams: [true, false].map((home) => players.filter((player) => isHome[player] === home)) };
}

function report(rivals: Rivals): void {
  const format = (players: number[]) => `[${players.join(", ")}]`;
  const result = split(rivals);
  console.log("teams" in result ? result.teams.map(format).join(" against ") : `odd cycle ${format(result.oddCycle)}`);
}

report([[1, 3], [0, 2], [1, 3], [0, 2], [5], [4]]);
report([[1], [0, 2], [1, 3, 4], [2, 4], [2, 3]]);
report([[], [1]]);
