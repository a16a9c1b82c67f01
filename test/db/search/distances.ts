/** Jumps between systems, layer by layer over the extract's own rows: slow, obvious, and no code of ours. */
import jumpsText from "../../../src/universe/data/jumps.jsonl";
import systemsText from "../../../src/universe/data/systems.jsonl";

const rows = (text: string): number[][] =>
  text
    .trim()
    .split("\n")
    .slice(1)
    .map((line): number[] => JSON.parse(line));

const gates = Map.groupBy(
  rows(jumpsText).flatMap(([a = 0, b = 0]) => [
    { from: a, to: b },
    { from: b, to: a },
  ]),
  ({ from }) => from,
);
const securityOf = new Map(rows(systemsText).map(([id = 0, , , , security = 0]) => [id, security]));

/** Zarzakh: whoever enters it leaves by the same gate. Told here again, so that our own list is tried. */
const zarzakh = 30_100_000;

const known = new Map<string, Map<number, number>>();

function distancesFrom(originId: number, route: string): Map<number, number> {
  const distances = new Map([[originId, 0]]);
  let layer = [originId];
  for (let jumps = 1; layer.length > 0; jumps += 1) {
    const next = new Set<number>();
    for (const from of layer) {
      if (from === zarzakh && from !== originId) continue;
      for (const { to } of gates.get(from) ?? []) {
        const isOpen = route === "shortest" || (securityOf.get(to) ?? 0) >= 0.45;
        if (isOpen && !distances.has(to)) next.add(to);
      }
    }
    for (const to of next) distances.set(to, jumps);
    layer = [...next];
  }
  return distances;
}

export function jumpsBetween(
  fromId: number,
  toId: number,
  route: "shortest" | "highsec",
): number | null {
  const key = `${route} ${fromId}`;
  const distances = known.get(key) ?? distancesFrom(fromId, route);
  known.set(key, distances);
  return distances.get(toId) ?? null;
}
