import { sql, type SQL } from "drizzle-orm";

import type {
  ContractFilters,
  ContractPosition,
  ContractQuery,
} from "../../domain/contract-query.ts";
import type { ContractSummary } from "../../domain/contract-summary.ts";
import { contractTypes, type CountByType, countByType } from "../../domain/contract.ts";
import { coveredByRegionCounts, onlyOutstanding } from "../../domain/counted-filters.ts";
import type { DataVersion } from "../../domain/data-version.ts";
import type { RegionCounts } from "../../domain/region-counts.ts";
import type { Stargates } from "../../domain/stargates.ts";
import { AppError } from "../../errors.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { Database } from "../client.ts";
import { summaryFromRow, type SummaryRow } from "../contract-summary.ts";
import { fromJson, jsonIds } from "../d1.ts";
import { type CountedRow, countsFromRows, expiredCounts } from "../expired-counts.ts";
import {
  type RegionRepository,
  type RegionState,
  type RegionStateRow,
  statesFromRows,
} from "../region-repository.ts";
import {
  selectVersion,
  versionFromRow,
  type VersionRow,
  type VersionScope,
} from "../version-repository.ts";
import { asksForEnded, byIds, candidateIds, endedSource, searchedIn } from "./candidates.ts";
import { conditionsOf } from "./conditions.ts";
import { type IndexWalk, indexWalkFor } from "./index-walk.ts";
import { type KnownFound, listedRelaxations, listedScan } from "./listed-scan.ts";
import {
  candidatePage,
  contractsByIds,
  type FoundRow,
  type PageQuery,
  type PageRow,
  sourcePage,
  type SourceTotals,
  walkedPage,
} from "./pages.ts";
import { endedRelaxations, type Relaxations, uncountedRelaxations } from "./relaxations.ts";
import type { ScanResult } from "./scan.ts";
import { allSearches } from "./search-document.ts";
import { positionOrder } from "./sort-keys.ts";

/** What a search itself counted. */
export type Totals = {
  byType: CountByType;
  /** Null if the regions' counts say it. */
  unknownSystem: number | null;
  unreachable: number;
};

/** A page of matching contracts, with what else the same state of the data says of the query. */
export type SearchResult = {
  version: DataVersion;
  /** The version of all regions: what is counted without the filter on regions depends on it. */
  versionOfAll: DataVersion;
  /** Where each contract of the page stands in the order, and so which contracts they are. */
  positions: ContractPosition[];
  /** The contracts; none if only positions are asked for. */
  contracts: ContractSummary[];
  /** Where the page ended; null if it is the last one. */
  next: ContractPosition | null;
  /** Null if the counts of `states` say them. */
  totals: Totals | null;
  /** Where nothing matches: how many would match without each filter, except for what `states` tell. */
  relaxations: Relaxations | null;
  states: RegionState[];
  /** Listed contracts whose time has run out since their list: counted in `states`, and over. */
  expired: ReadonlyMap<number, RegionCounts>;
};

/** The same, with the contracts as they are stored. */
type StoredResult = Omit<SearchResult, "contracts"> & { rows: SummaryRow[] };

type Scanned = StoredResult & { found: KnownFound };

/** What answers about these filters are made from. */
export const versionScope = (filters: ContractFilters): VersionScope => ({
  regionIds: filters.regionIds,
  withEnded: !onlyOutstanding(filters),
});

/** How often a search is started again because the data changed while it ran. */
const maxAttempts = 5;

export function createContractSearchRepository(
  db: Database,
  regions: RegionRepository,
  stargates: Stargates,
) {
  /** What else an answer says of the state of the data that it is made from. */
  function context({ filters }: ContractQuery, now: EpochMs) {
    const scope = versionScope(filters);
    return {
      queries: [
        selectVersion(scope, now),
        selectVersion({}, now),
        regions.states(),
        expiredCounts(now),
      ] as const,
      read: async (
        [version]: readonly VersionRow[],
        [versionOfAll]: readonly VersionRow[],
        states: readonly RegionStateRow[],
        expired: readonly CountedRow[],
      ) => ({
        version: versionFromRow(version, now, scope),
        versionOfAll: versionFromRow(versionOfAll, now, scope),
        states: await statesFromRows(db, states),
        expired: countsFromRows(expired),
      }),
    };
  }

  /** A page off an index: what the regions' counts tell of it is not counted. */
  async function walked(query: PageQuery, walk: IndexWalk, now: EpochMs): Promise<StoredResult> {
    const { queries, read } = context(query, now);
    const [version, versionOfAll, states, expired, rows] = await db.batch([
      ...queries,
      walkedPage(query, walk, now),
    ]);
    return {
      ...(await read(version, versionOfAll, states, expired)),
      ...pageOf(query, rows.filter(isFound)),
      totals: null,
      relaxations: {},
    };
  }

  /** A page of what few candidates match; undefined if these are too many. */
  async function ofCandidates(
    query: PageQuery,
    ids: SQL,
    now: EpochMs,
  ): Promise<StoredResult | undefined> {
    const { queries, read } = context(query, now);
    const [version, versionOfAll, states, expired, rows] = await db.batch([
      ...queries,
      candidatePage(query, ids, now),
    ]);
    const totals = totalsFrom(rows);
    if (totals?.isTooMany === 1) return undefined;
    return {
      ...(await read(version, versionOfAll, states, expired)),
      ...pageOf(query, rows.filter(isFound)),
      totals: coveredByRegionCounts(query.filters) ? null : (totals ?? null),
      relaxations: null,
    };
  }

  /** A page of all contracts that match; undefined if the data changed before it was read. */
  async function scanned(query: PageQuery, now: EpochMs): Promise<Scanned | undefined> {
    const { queries, read } = context(query, now);
    const asked = listedScan(query, now);
    const ended = endedPage(query, now);
    const [version, versionOfAll, states, expired, a, b, c, d, medians, endedRows, ...found] =
      await db.batch([...queries, ...asked.groups, asked.medians, ended, ...asked.found]);
    const listed = asked.read([a, b, c, d], medians, found);
    if (!listed) return undefined;
    const state = await read(version, versionOfAll, states, expired);

    const page = merged(query, listed.page, endedRows.filter(isFound));
    const counted = (positions: ContractPosition[], rows: SummaryRow[]) => ({
      positions,
      rows,
      next: page.next,
      totals: sumOf(listed, totalsFrom(endedRows)),
      relaxations: null,
      found: listed.found,
    });
    const positions = page.visible.map(({ position }) => position);
    if (query.shows === "positions") return { ...state, ...counted(positions, []) };
    const ids = page.visible.flatMap(({ row, position }) => (row ? [] : [position.contractId]));
    const rows = await rowsOf(ids, query, now, state.version);
    if (!rows) return undefined;
    const shown = page.visible.flatMap(
      ({ row, position }) => row ?? rows.get(position.contractId) ?? [],
    );
    return { ...state, ...counted(positions, shown) };
  }

  /** The contracts of a page; undefined if the data has changed. */
  async function rowsOf(
    contractIds: readonly number[],
    { filters }: ContractQuery,
    now: EpochMs,
    expected: DataVersion,
  ): Promise<Map<number, SummaryRow> | undefined> {
    if (contractIds.length === 0) return new Map();
    const scope = versionScope(filters);
    const [[version], rows] = await db.batch([
      selectVersion(scope, now),
      contractsByIds(sql`select value as contract_id from ${jsonIds(contractIds)}`),
    ]);
    if (versionFromRow(version, now, scope).version !== expected.version) return undefined;
    return new Map(rows.map((row) => [row.contract_id, row]));
  }

  /** Counted only if nothing matches; undefined if the data has changed. */
  async function relaxationsOf(
    query: ContractQuery,
    now: EpochMs,
    { versionOfAll: expected, found: known = new Map() }: StoredResult & Partial<Scanned>,
  ): Promise<Relaxations | undefined> {
    const { filters } = query;
    const relaxed = uncountedRelaxations(filters);
    if (relaxed.length === 0) return {};
    const scope = versionScope(filters);
    const asked = listedRelaxations(query, known, now);
    const ofEnded = asksForEnded(filters.statuses)
      ? endedRelaxations(filters, relaxed, now)
      : sql<{ counts: string }>`select '{}' as counts`;
    const [[version], a, b, c, d, medians, [ended], ...found] = await db.batch([
      selectVersion({}, now),
      ...asked.groups,
      asked.medians,
      ofEnded,
      ...asked.found,
    ]);
    if (versionFromRow(version, now, scope).version !== expected.version) return undefined;
    const listed = asked.read([a, b, c, d], medians, found);
    if (!listed) return undefined;
    const endedCounts = fromJson<Relaxations>(ended?.counts ?? "{}");
    const sums: Relaxations = {};
    for (const { name } of relaxed) {
      const count = listed[name];
      sums[name] = count === undefined ? null : count + (endedCounts[name] ?? 0);
    }
    return sums;
  }

  async function attempt(query: PageQuery, now: EpochMs): Promise<StoredResult | undefined> {
    const walk = indexWalkFor(query);
    if (walk) return walked(query, walk, now);
    const search = allSearches(conditionsOf(query.filters, now).map((each) => each.search));
    const ids = candidateIds(query.filters, search, now);
    const result: (StoredResult & Partial<Scanned>) | undefined =
      (ids && (await ofCandidates(query, ids, now))) ?? (await scanned(query, now));
    if (query.shows === "positions") return result;
    if (!result?.totals || !isEmpty(result.totals, query.filters)) return result;
    const relaxations = await relaxationsOf(query, now, result);
    return relaxations && { ...result, relaxations };
  }

  async function settled(query: PageQuery, now: EpochMs): Promise<StoredResult> {
    for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
      const result = await attempt(query, now);
      if (result) return result;
    }
    throw new AppError("database-unavailable", `The data changed under ${maxAttempts} attempts`);
  }

  /** Contracts as `now` sees them, each as fresh as the list that holds it. */
  function contractsFrom(
    rows: readonly SummaryRow[],
    {
      states,
      now,
      reach,
    }: { states: readonly RegionState[]; now: EpochMs; reach: ContractQuery["reach"] },
  ): ContractSummary[] {
    const snapshotOf = new Map(states.map(({ regionId, snapshotAt }) => [regionId, snapshotAt]));
    return rows.map((row) =>
      summaryFromRow(row, {
        snapshotAt: snapshotOf.get(row.region_id) ?? null,
        now,
        stargates,
        reach,
      }),
    );
  }

  async function resultOf(query: PageQuery, now: EpochMs): Promise<SearchResult> {
    const { rows, ...result } = await settled(query, now);
    const { states } = result;
    return { ...result, contracts: contractsFrom(rows, { states, now, reach: query.reach }) };
  }

  return {
    /**
     * One page, its totals and the state of its regions, from one state of the data: in one round
     * trip if an index narrows the search, in two or three if it is a scan.
     *
     * @throws {AppError} `database-unavailable` when the data changes faster than it can be read.
     */
    find: (query: ContractQuery, now: EpochMs): Promise<SearchResult> =>
      resultOf({ ...query, shows: "contracts" }, now),

    /**
     * `find` without the contracts themselves and without relaxations: a page may have thousands of
     * positions.
     *
     * @throws {AppError} `database-unavailable` when the data changes faster than it can be read.
     */
    findPositions: (query: ContractQuery, now: EpochMs): Promise<SearchResult> =>
      resultOf({ ...query, shows: "positions" }, now),

    /** These contracts as they are now, in this order; those that are no longer kept are left out. */
    async contractsOfIds(
      contractIds: readonly number[],
      seen: { states: readonly RegionState[]; now: EpochMs; reach: ContractQuery["reach"] },
    ): Promise<ContractSummary[]> {
      const rows = await db.all(
        contractsByIds(sql`select value as contract_id from ${jsonIds(contractIds)}`),
      );
      const byId = new Map(rows.map((row) => [row.contract_id, row]));
      return contractsFrom(
        contractIds.flatMap((id) => byId.get(id) ?? []),
        seen,
      );
    },
  };
}

export type ContractSearchRepository = ReturnType<typeof createContractSearchRepository>;

/** A page of what has ended, whatever its size; empty if only what is outstanding is asked for. */
function endedPage(query: PageQuery, now: EpochMs): SQL<FoundRow> {
  if (!asksForEnded(query.filters.statuses)) return sql<FoundRow>`select null as totals where 0`;
  const search = allSearches(conditionsOf(query.filters, now).map((each) => each.search));
  const source = search ? byIds(searchedIn(sql`ended_search`, search)) : endedSource;
  return sourcePage(query, source, now);
}

const isFound = (row: FoundRow): row is PageRow & { totals: string | null } =>
  row.contract_id !== null;

function totalsFrom(rows: readonly FoundRow[]): SourceTotals | undefined {
  const json = rows[0]?.totals;
  return json ? fromJson<SourceTotals>(json) : undefined;
}

const positionOf = (row: PageRow): ContractPosition => ({
  value: row.sort_key,
  contractId: row.contract_id,
});

function pageOf(
  { limit, shows }: PageQuery,
  rows: readonly PageRow[],
): Pick<StoredResult, "positions" | "rows" | "next"> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    positions: page.map(positionOf),
    rows: shows === "contracts" ? page : [],
    next: last ? positionOf(last) : null,
  };
}

/** The first of what two sources found, with the rows that one of them brought. */
function merged(
  { sort, limit }: ContractQuery,
  listed: readonly ContractPosition[],
  ended: readonly PageRow[],
) {
  const order = positionOrder(sort);
  const all = [
    ...listed.map((position) => ({ position, row: undefined })),
    ...ended.map((row) => ({ position: positionOf(row), row })),
  ].toSorted((one, other) => order(one.position, other.position));
  const visible = all.slice(0, limit);
  return { visible, next: all.length > limit ? (visible.at(-1)?.position ?? null) : null };
}

function sumOf(listed: ScanResult, ended: SourceTotals | undefined): Totals {
  const { byType, unknownSystem, unreachable } = listed;
  return {
    byType: countByType((type) => byType[type] + (ended?.byType[type] ?? 0)),
    unknownSystem: unknownSystem === null ? null : unknownSystem + (ended?.unknownSystem ?? 0),
    unreachable: unreachable + (ended?.unreachable ?? 0),
  };
}

const isEmpty = ({ byType }: Totals, { types = contractTypes }: ContractFilters): boolean =>
  types.every((type) => byType[type] === 0);
