import { securityClass } from "../../domain/security.ts";
import type { StargateMap } from "../../domain/stargates.ts";
import { type Extract, rowsOf } from "./extract.ts";

/** The stargates of an extract, small enough to ship with the Worker. */
export function stargateMapOf({ manifest, texts }: Extract): StargateMap {
  const neighbours = new Map<number, number[]>();
  const add = (from: number, to: number) => {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
  };
  for (const [a, b] of rowsOf("jumps", texts.jumps)) {
    add(Number(a), Number(b));
    add(Number(b), Number(a));
  }
  const ids = [...neighbours.keys()].toSorted((a, b) => a - b);
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const classOf = new Map(
    rowsOf("systems", texts.systems).map(([id, , , regionId, security]) => [
      Number(id),
      securityClass(Number(security), Number(regionId)),
    ]),
  );
  return {
    version: manifest.version,
    systemIds: ids.map((id, place) => id - (ids[place - 1] ?? 0)),
    highsec: ids.map((id) => (classOf.get(id) === "highsec" ? "1" : "0")).join(""),
    later: ids.map((id, place) =>
      (neighbours.get(id) ?? [])
        .map((neighbour) => (placeOf.get(neighbour) ?? 0) - place)
        .filter((offset) => offset > 0)
        .toSorted((a, b) => a - b),
    ),
  };
}
