import { sql, type SQL } from "drizzle-orm";

import type { ContractFilters, ContractQuery } from "../../domain/contract-query.ts";
import { medianMinListed } from "../../domain/flags/price-flags.ts";
import type { Relaxed } from "../../domain/relaxation.ts";
import type { EpochMs } from "../../lib/time.ts";
import { fromJson } from "../d1.ts";
import { type GroupQueries, rowGroupsWith } from "../row-groups/row-group-cache.ts";
import { searchedIn } from "./candidates.ts";
import { type Condition, conditionsOf, scanned } from "./conditions.ts";
import { conditionName, insteadOf, uncountedRelaxations } from "./relaxations.ts";
import {
  type AnsweredCondition,
  countLifted,
  type Found,
  type LiftedCounts,
  scan,
  type ScanResult,
  scannedColumns,
} from "./scan.ts";
import { allSearches, type FtsExpression } from "./search-document.ts";

type MedianRow = { hull_type_id: number; median_ask: number };
export type FoundIdsRow = { ids: string; is_cut: number };

/** Medians that flags are judged by; none if no filter asks for flags. */
function selectMedians({ flags, withoutFlags, maxSeverity }: ContractFilters): SQL<MedianRow> {
  const isAsked = flags ?? withoutFlags ?? maxSeverity;
  return sql<MedianRow>`
    select hull_type_id, median_ask from hulls
    where ${isAsked ? sql`listed >= ${medianMinListed} and median_ask > 0` : sql`0`}`;
}

const surroundingsOf = (medians: readonly MedianRow[]) => ({
  hullMedianAsks: new Map(medians.map((row) => [row.hull_type_id, row.median_ask])),
});

/** Listed contracts whose documents match, up to so many. */
const selectFound = (search: FtsExpression, limit: number): SQL<FoundIdsRow> => sql<FoundIdsRow>`
  select json_group_array(contract_id) as ids, count(*) > ${limit} as is_cut
  from (${searchedIn(sql`listed_search`, search)} limit ${limit + 1})`;

const foundFrom = (row: FoundIdsRow | undefined): Found =>
  new Set(fromJson<number[]>(row?.ids ?? "[]"));

/** What full-text expressions are known to find among listed contracts. */
export type KnownFound = ReadonlyMap<FtsExpression, Found>;

/** Queries for a batch, and what their rows make: undefined if they are to be asked again. */
type Asked<Result> = {
  groups: GroupQueries;
  medians: SQL<MedianRow>;
  found: SQL<FoundIdsRow>[];
  read: (
    groups: Parameters<ReturnType<typeof rowGroupsWith>["read"]>,
    medians: readonly MedianRow[],
    found: readonly FoundIdsRow[][],
  ) => Result | undefined;
};

/** No more contracts are listed in all of New Eden. */
const everything = 10_000_000;

/** A scan of all listed contracts for a query, and the documents that it found. */
export function listedScan(
  query: ContractQuery,
  now: EpochMs,
): Asked<ScanResult & { found: KnownFound }> {
  const conditions = conditionsOf(query.filters, now).map(scanned);
  const search = allSearches(conditions.map((condition) => condition.search));
  const groups = rowGroupsWith(scannedColumns(query, conditions));
  return {
    groups: groups.queries,
    medians: selectMedians(query.filters),
    found: search ? [selectFound(search, everything)] : [],
    read(rows, medians, [foundRows = []]) {
      const rowGroups = groups.read(...rows);
      if (!rowGroups) return undefined;
      const found = foundFrom(foundRows[0]);
      const first = conditions.findIndex((condition) => condition.search);
      const answered = conditions.map((condition, index): AnsweredCondition =>
        // What all expressions found together is said once.
        index === first ? { ...condition, found } : condition,
      );
      return {
        ...scan(rowGroups, query, answered, surroundingsOf(medians)),
        found: new Map(search ? [[search, found]] : []),
      };
    },
  };
}

function scannedInstead(relaxed: Relaxed, now: EpochMs): Condition | undefined {
  const instead = insteadOf(relaxed, now);
  return instead && scanned(instead);
}

/**
 * Documents that the full-text index is asked for at most, for a search without a match and for all
 * that is relaxed of it.
 */
export const maxFound = 90_000;

/**
 * How many listed contracts would match without each filter. Those are left out whose full-text
 * expressions find too much.
 */
export function listedRelaxations(
  query: ContractQuery,
  known: KnownFound,
  now: EpochMs,
): Asked<LiftedCounts> {
  const { filters } = query;
  const conditions = conditionsOf(filters, now).map(scanned);
  const lifted = uncountedRelaxations(filters).map((relaxed) => ({
    name: relaxed.name,
    instead: scannedInstead(relaxed, now),
  }));
  const judged = [...conditions, ...lifted.flatMap(({ instead }) => instead ?? [])];
  const searches = new Set(judged.flatMap(({ search }) => search ?? []));
  const asked = [...searches].filter((search) => !known.has(search));
  const knownSize = [...known.values()].reduce((sum, { size }) => sum + size, 0);
  const limit = Math.max(0, Math.floor((maxFound - knownSize) / Math.max(asked.length, 1)));
  const groups = rowGroupsWith(scannedColumns(query, judged));
  return {
    groups: groups.queries,
    medians: selectMedians(filters),
    found: asked.map((search) => selectFound(search, limit)),
    read(rows, medians, found) {
      const rowGroups = groups.read(...rows);
      if (!rowGroups) return undefined;
      const whole = new Map(known);
      for (const [index, search] of asked.entries()) {
        const [row] = found[index] ?? [];
        if (row?.is_cut === 0) whole.set(search, foundFrom(row));
      }
      const isCut = ({ search }: Condition) => search !== undefined && !whole.has(search);
      const answer = (condition: Condition): AnsweredCondition => ({
        ...condition,
        found: condition.search === undefined ? undefined : whole.get(condition.search),
      });
      /** Whether every condition that stays is answered whole. */
      const isCountable = ({ name, instead }: (typeof lifted)[number]) =>
        !(instead && isCut(instead)) &&
        conditions.every((each) => !isCut(each) || each.name === conditionName(name));
      return countLifted(
        rowGroups,
        conditions.map(answer),
        lifted
          .filter(isCountable)
          .map((each) => ({ ...each, instead: each.instead && answer(each.instead) })),
        surroundingsOf(medians),
      );
    },
  };
}
