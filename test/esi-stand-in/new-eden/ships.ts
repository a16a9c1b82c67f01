/** Ships in contracts: lone hulls, fitted ones, and where they can be. */
import type { Random } from "../random.ts";
import type { Type, Universe } from "../universe.ts";
import { type Drawn, drawFrom } from "./drawn.ts";
import { fitTexts } from "./fits.ts";
import { newerIds } from "./newer.ts";
import type { Pools } from "./pools.ts";

type Fit = { hull: Type; role: string; fitted: readonly Type[]; holds: readonly Drawn[] };

/** Where a hull may be: capital ships cannot enter highsec, and the largest dock in no station. */
export type Berth = "anywhere" | "outside-highsec" | "structure";

const capitals =
  /^(?:Carrier|Dreadnought|Lancer Dreadnought|Force Auxiliary|Capital Industrial Ship)$/;
const supercapitals = /^(?:Supercarrier|Titan)$/;

/** "Ogre II x5, Gecko x2, Mobile Depot": those that the universe has. */
function listed(text: string, byName: ReadonlyMap<string, Type>): Drawn[] {
  return text.split(", ").flatMap((entry) => {
    const [, name = "", times = "1"] = /^(.+?)(?: x(\d+))?$/.exec(entry) ?? [];
    const type = byName.get(name);
    return type === undefined ? [] : [{ type, quantity: Number(times) }];
  });
}

function fitsIn({ types }: Universe): Fit[] {
  const byName = new Map([...types.values()].map((type) => [type.name, type]));
  return fitTexts.flatMap(({ hull: name, role, modules, rigs, holds }) => {
    const hull = byName.get(name);
    if (hull === undefined) return [];
    const fitted = [...listed(modules, byName), ...listed(rigs, byName)].flatMap(
      ({ type, quantity }) => Array.from({ length: quantity }, () => type),
    );
    return [{ hull, role, fitted, holds: listed(holds, byName) }];
  });
}

export type Ships = ReturnType<typeof createShips>;

export function createShips(universe: Universe, pools: Pools) {
  const fits = fitsIn(universe);
  const one = (type: Type): Drawn => ({ type, quantity: 1 });
  const newer = universe.types.get(newerIds.ship);

  /** In ESI's rows each fitted module is one, and each stack in a hold is one. */
  function fittedShip(random: Random): { drawn: Drawn[]; role: string } | undefined {
    if (fits.length === 0) return undefined;
    const { hull, role, fitted, holds } = random.favour(fits, 1.6);
    const isComplete = random.chance(0.8);
    const cargo = random.chance(0.8) ? holds : holds.filter(() => random.chance(0.4));
    const modules = isComplete ? fitted : fitted.filter(() => random.chance(0.85));
    return {
      drawn: [
        one(hull),
        ...modules.map(one),
        ...cargo.map(({ type, quantity }) => ({
          type,
          quantity: quantity < 30 ? quantity : Math.ceil((quantity * random.between(3, 10)) / 10),
        })),
      ],
      role,
    };
  }

  function hullsTogether(random: Random): Drawn[] {
    const first = random.favour(pools.ships);
    const isSame = random.chance(0.6);
    return Array.from({ length: random.between(2, 6) }, () =>
      one(isSame ? first : random.favour(pools.ships)),
    );
  }

  function draw(random: Random): { drawn: Drawn[]; role?: string } {
    const form = random.next();
    const fitted = form < 0.42 ? fittedShip(random) : undefined;
    if (fitted !== undefined) return fitted;
    if (form < 0.5) return { drawn: hullsTogether(random) };
    if (form < 0.51) return { drawn: [one(newer ?? random.favour(pools.ships))] };
    const hull = one(random.favour(pools.ships));
    if (form < 0.94) return { drawn: [hull] };
    const extras = Array.from({ length: random.between(1, 3) }, () =>
      drawFrom("modules", pools, random),
    );
    return { drawn: [hull, ...extras.map(({ type }) => one(type))] };
  }

  function berthOf(drawn: readonly Drawn[]): Berth {
    const groups = drawn.map(({ type }) => universe.groups.get(type.groupId)?.name ?? "");
    if (groups.some((name) => supercapitals.test(name))) return "structure";
    return groups.some((name) => capitals.test(name)) ? "outside-highsec" : "anywhere";
  }

  return { draw, berthOf };
}
