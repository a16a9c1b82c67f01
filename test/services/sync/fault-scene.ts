/** A small New Eden that is synced, changes, and is asked for again while ESI fails. */
import { env } from "cloudflare:workers";

import { aContract, anItem, type ContractPlan } from "../../esi-stand-in/hand-made.ts";
import { smallUniverse } from "../../esi-stand-in/small-universe.ts";
import { domain, firstContract, theForge } from "../../support/api.ts";
import { listedIds, rowsOf } from "../../support/database.ts";
import { aTickingApi, listMs } from "../../support/ticking-api.ts";

/** Newer than the universe in D1. */
export const newTypeId = 90_001;
export const newStationId = 60_015_200;
export const newIssuerId = 2_112_000_777;

/** The contract that is new in a Forge of one page. */
export const freshId = firstContract + 6;

const universe = {
  ...smallUniverse,
  types: new Map([
    ...smallUniverse.types,
    [
      newTypeId,
      {
        typeId: newTypeId,
        name: "Skua",
        groupId: 25,
        isPublished: true,
        marketGroupId: null,
        volume: 1,
      },
    ],
  ]),
  stations: new Map([
    ...smallUniverse.stations,
    [
      newStationId,
      {
        stationId: newStationId,
        name: "Jita V - New Station",
        systemId: 30_000_142,
        typeId: 52_678,
      },
    ],
  ]),
};

/** The new contract needs ESI for everything: items, a type, a station, a name. */
const fresh: ContractPlan = aContract({
  issuer_id: newIssuerId,
  start_location_id: newStationId,
  items: [anItem({ type_id: newTypeId }), anItem({ type_id: 34, quantity: 100 })],
});

/** Which list of a region is served: the one from before the change, or the one after it. */
type SeenList = {
  list: "old" | "new" | "new but for the fresh one" | readonly number[];
  asOf: "old" | "new";
  lastError: string | null;
};

/** What the API says while ESI fails. */
export type Seen = {
  outcome: string;
  forge: SeenList;
  domain: SeenList;
  /** The contract that is new in The Forge; null if it is not served yet. */
  fresh: { items: string; isNamed: boolean; isPlaced: boolean } | null;
  isHeldOff: boolean;
};

type Status = {
  regions: { region_id: number; as_of: string; last_error: string | null }[];
  esi: { held_until: string | null };
  last_run: { outcome: string };
};

type FreshContract = {
  contract_id: number;
  items_status: string;
  issuer_name: string | null;
  start_system_id: number | null;
};

/**
 * Syncs The Forge, of so many pages, and Domain while all is well. Half an hour later both have a
 * contract less and one more, and their lists are due.
 */
export async function aFaultScene(pages: number, settings: Partial<Env> = {}) {
  const couriers = Array.from({ length: (pages - 1) * 1000 + 4 }, () =>
    aContract({ type: "courier" }),
  );
  const scene = await aTickingApi({
    universe,
    contracts: [...couriers, aContract({ title: "Settled" }), aContract({ region_id: domain })],
    regionIds: [theForge, domain],
    settings,
  });
  await scene.tick();
  const old = await listsOf();
  const [asOfOld] = (await scene.json<Status>("/v1/status")).regions.map(({ as_of }) => as_of);

  const changedAt = scene.clock.date();
  const { world, clock } = scene;
  world.remove(firstContract, changedAt);
  world.remove(firstContract + couriers.length + 1, changedAt);
  const added = world.add(fresh, changedAt);
  world.add(aContract({ region_id: domain }), changedAt);
  scene.esi.counters.reset();
  clock.advance(listMs);

  const truth = (): Record<number, readonly number[]> => ({
    [theForge]: world.outstandingAt(theForge, clock.date()),
    [domain]: world.outstandingAt(domain, clock.date()),
  });

  const isSame = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((id, index) => id === b[index]);

  function seenList(status: Status, regionId: number, listed: readonly number[]): SeenList {
    const region = status.regions.find(({ region_id }) => region_id === regionId);
    const current = truth()[regionId] ?? [];
    const lists = {
      old: old[regionId] ?? [],
      new: current,
      "new but for the fresh one": current.slice(0, -1),
    } as const;
    const names = ["old", "new", "new but for the fresh one"] as const;
    return {
      list: names.find((name) => isSame(listed, lists[name])) ?? listed,
      asOf: region?.as_of === asOfOld ? "old" : "new",
      lastError: region?.last_error ?? null,
    };
  }

  return {
    ...scene,

    /** What is served now, and what is said of it. */
    async seen(): Promise<Seen> {
      const status = await scene.json<Status>("/v1/status");
      const lists = await listsOf();
      const { data } = await scene.json<{ data: FreshContract[] }>(
        `/v1/contracts?contract_id=${added}`,
      );
      const [contract] = data;
      return {
        outcome: status.last_run.outcome,
        forge: seenList(status, theForge, lists[theForge] ?? []),
        domain: seenList(status, domain, lists[domain] ?? []),
        fresh: contract
          ? {
              items: contract.items_status,
              isNamed: contract.issuer_name !== null,
              isPlaced: contract.start_system_id !== null,
            }
          : null,
        isHeldOff: status.esi.held_until !== null,
      };
    },

    /** What ESI was asked that it does not like to be asked. */
    violations: () => scene.esi.counters.violations.map(({ rule, url }) => `${rule}: ${url}`),

    /** What still waits for ESI. */
    async leftOver(): Promise<unknown[]> {
      return rowsOf(
        env.DB,
        `select contract_id as id, items_status as what from contracts
           where is_listed = 1 and items_status not in ('complete', 'none')
         union all select id, 'name' from names where name is null
         union all select station_id, 'station' from stations where name is null
         union all select type_id, 'type' from types where name is null`,
      );
    },
  };
}

async function listsOf(): Promise<Record<number, number[]>> {
  return {
    [theForge]: await listedIds(env.DB, theForge),
    [domain]: await listedIds(env.DB, domain),
  };
}
