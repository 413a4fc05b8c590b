const COINS = [50, 20, 10, 5];
const PRICE = 45;

function* change(amount) {
  for (const coin of COINS) {
    for (; amount >= coin; amount -= coin) {
      yield coin;
    }
  }
}

const payOut = (text, { stock, credit }) => [
  [text, ...change(credit)].join(" "),
  { stock, credit: 0 },
];

// Each handler takes a state and gives what to display, and the next state.
const handlers = {
  back: (state) => payOut("returned", state),
  tea: (state) => {
    const { stock, credit } = state;
    if (stock === 0) return ["sold out", state];
    if (credit < PRICE) return [`${PRICE - credit} missing`, state];
    return payOut("served, change", { stock: stock - 1, credit: credit - PRICE });
  },
};

function insert(coin, state) {
  if (!COINS.includes(coin)) return ["refused", state];
  const credit = state.credit + coin;
  return [`credit ${credit}`, { ...state, credit }];
}

let state = { stock: 2, credit: 0 };
for (const event of "tea 50 50 tea 3 20 20 tea 5 tea 10 tea back".split(" ")) {
  const [display, next] = handlers[event]?.(state) ?? insert(Number(event), state);
  console.log(`${event}: ${display}`);
  state = next;
}
