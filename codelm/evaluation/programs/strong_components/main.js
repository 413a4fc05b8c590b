const links = { a: "e", b: "ig", c: "h", d: "", e: "gc", f: "cd", g: "a", h: "f", i: "bd", j: "j" };

// Tarjan: the lowest number within reach tells whether a page opened its component.
function strongComponents(links) {
  const low = new Map();
  const stack = [];
  const components = [];

  function visit(page) {
    if (low.has(page)) return low.get(page);
    const number = low.size;
    const depth = stack.length;
    low.set(page, number);
    stack.push(page);
    low.set(page, Math.min(number, ...[...links[page]].map(visit)));
    if (low.get(page) === number) {
      const component = stack.splice(depth);
      component.forEach((member) => low.set(member, Infinity));
      components.unshift(component);
    }
    return low.get(page);
  }

  Object.keys(links).forEach(visit);
  return components;
}

for (const [i, component] of strongComponents(links).entries()) {
  console.log(`${i + 1}. ${component.join("")}`);
}
