type Links = Readonly<Record<string, string>>;

/** Tarjan's search; every page that is in a component already counts as infinitely far. */
class ComponentSearch {
  readonly components: string[] = [];
  private readonly low = new Map<string, number>();
  private readonly stack: string[] = [];

  constructor(private readonly links: Links) {
    for (const page of Object.keys(links)) {
      this.visit(page);
    }
    this.components.reverse();
  }

  private visit(page: string): number {
    return this.low.get(page) ?? this.open(page);
  }

  private open(page: string): number {
    const number = this.low.size;
    const depth = this.stack.length;
    this.low.set(page, number);
    this.stack.push(page);

    const lowest = Math.min(number, ...Array.from(this.links[page], (next) => this.visit(next)));
    this.low.set(page, lowest);
    if (lowest < number) return lowest;

    const component = this.stack.splice(depth);
    component.forEach((member) => this.low.set(member, Infinity));
    this.components.push(component.join(""));
    return Infinity;
  }
}

const { components } = new ComponentSearch({
  a: "e",
  b: "ig",
  c: "h",
  d: "",
  e: "gc",
  f: "cd",
  g: "a",
  h: "f",
  i: "bd",
  j: "j",
});
components.forEach((component, i) => console.log(`${i + 1}. ${component}`));
