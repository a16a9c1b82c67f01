/**
 * What has changed in New Eden since an export of CCP's static data: facts from `amendments.json`, each
 * with its source. They are applied when the extract is built. The export is the authority: what it
 * holds already is not amended, and what a later export leaves out stays out. docs/universe.md
 */
import { z } from "zod";

import { type RowOf, sha256Of, type TableName, type Universe } from "./extract.ts";
import { keyIn, problemsIn } from "./integrity.ts";

const id = z.int().positive();
const name = z.string().min(1);
const security = z.number().min(-1).max(1);

/** Rows of the tables that may be amended, each in the order of the table's columns. */
const rowsSchema = z.strictObject({
  regions: z
    .array(z.tuple([id, name]).transform(([region_id, text]) => ({ region_id, name: text })))
    .default([]),
  constellations: z
    .array(
      z.tuple([id, name, id]).transform(([constellation_id, text, region_id]) => ({
        constellation_id,
        name: text,
        region_id,
      })),
    )
    .default([]),
  systems: z
    .array(
      z
        .tuple([id, name, id, id, security])
        .transform(([system_id, text, constellation_id, region_id, status]) => ({
          system_id,
          name: text,
          constellation_id,
          region_id,
          security: status,
        })),
    )
    .default([]),
  jumps: z
    .array(
      z
        .tuple([id, id])
        .refine(([a, b]) => a < b, "a jump has the lower id first")
        .transform(([system_a, system_b]) => ({ system_a, system_b })),
    )
    .default([]),
});

const amendmentSchema = z.strictObject({
  what: name,
  /** Who says so. */
  source: name,
  /** Exports that CCP released on this day or later hold all of it, or hold what became of it. */
  since: z.iso.date(),
  /** Rows that the export lacks. */
  rows: rowsSchema.prefault({}),
  /** Systems whose security is not above this any more. */
  lowered: z.strictObject({ security, systems: z.array(id) }).optional(),
  /** Types with the name that an older export has, and the one that they have now. */
  renamed: z.array(z.tuple([id, name, name])).default([]),
});

export type Amendment = z.infer<typeof amendmentSchema>;
type AmendedRows = Amendment["rows"];

/** How many facts of an amendment were applied, and how many the export did not need. */
export type AmendmentOutcome = { what: string; applied: number; unneeded: number };

/** @param json - the content of `amendments.json`. @throws naming each field at fault. */
export function amendmentsFrom(json: unknown, path: string): Amendment[] {
  const result = z.array(amendmentSchema).safeParse(json);
  if (result.success) return result.data;
  throw new Error(`${path} is no list of amendments:\n${z.prettifyError(result.error)}`);
}

/**
 * Returns an export with the amendments that it needs. An export that needs none is returned
 * unchanged. Otherwise its version says which facts were added, so a database that was loaded
 * without them loads again.
 *
 * @throws if an amendment does not fit the export, such as a stargate to an unknown system.
 */
export async function amended(
  universe: Universe,
  amendments: readonly Amendment[],
): Promise<{ universe: Universe; outcomes: AmendmentOutcome[] }> {
  const needed = amendments.map((amendment) => neededBy(universe, amendment));
  const outcomes = amendments.map((amendment, at) => {
    const applied = factsIn(needed[at]);
    return { what: amendment.what, applied, unneeded: factsIn(amendment) - applied };
  });
  const applied = needed.filter((facts) => factsIn(facts) > 0);
  if (applied.length === 0) return { universe, outcomes };

  const rows = { ...universe.rows };
  for (const facts of applied) {
    rows.regions = [...rows.regions, ...facts.rows.regions];
    rows.constellations = [...rows.constellations, ...facts.rows.constellations];
    rows.systems = lowered([...rows.systems, ...facts.rows.systems], facts.lowered);
    rows.jumps = [...rows.jumps, ...facts.rows.jumps];
    rows.types = renamed(rows.types, facts.renamed);
  }
  refuseMisfits(universe, rows);
  const digits = (await sha256Of(JSON.stringify(applied))).slice(0, 8);
  const source = `${universe.source}, amended`;
  return {
    universe: { ...universe, version: `${universe.version}+${digits}`, source, rows },
    outcomes,
  };
}

type Facts = Pick<Amendment, "rows" | "lowered" | "renamed">;

/** What an amendment says that the export does not know yet. */
function neededBy({ source, releasedOn, rows }: Universe, amendment: Amendment): Facts {
  const { what, since } = amendment;
  if (releasedOn !== undefined && releasedOn >= since) return { rows: noRows, renamed: [] };
  const { regions, constellations, systems, jumps } = amendment.rows;
  const added = {
    regions: missingFrom("regions", rows.regions, regions),
    constellations: missingFrom("constellations", rows.constellations, constellations),
    systems: missingFrom("systems", rows.systems, systems),
    jumps: missingFrom("jumps", rows.jumps, jumps),
  };
  const names = new Map(rows.types.map((type) => [type.type_id, type.name]));
  const renames = amendment.renamed.filter(([typeId, former]) => names.get(typeId) === former);
  if (!amendment.lowered) return { rows: added, renamed: renames };

  const { security: most, systems: ids } = amendment.lowered;
  const known = new Map(rows.systems.map((system) => [system.system_id, Number(system.security)]));
  const unknown = ids.filter((systemId) => !known.has(systemId));
  if (unknown.length > 0) {
    throw new Error(
      `The amendment "${what}" lowers the security of systems that ${source} lacks: ${unknown.join(", ")}`,
    );
  }
  const higher = ids.filter((systemId) => (known.get(systemId) ?? most) > most);
  return { rows: added, renamed: renames, lowered: { security: most, systems: higher } };
}

const noRows: AmendedRows = { regions: [], constellations: [], systems: [], jumps: [] };

function missingFrom<T extends TableName, R extends RowOf<T>>(
  table: T,
  held: readonly RowOf<T>[],
  rows: readonly R[],
): R[] {
  const keys = new Set(held.map((row) => keyIn(table, row)));
  return rows.filter((row) => !keys.has(keyIn(table, row)));
}

const factsIn = (facts: Facts | undefined): number =>
  facts
    ? Object.values(facts.rows).reduce((sum, rows) => sum + rows.length, 0) +
      (facts.lowered?.systems.length ?? 0) +
      facts.renamed.length
    : 0;

function renamed(types: RowOf<"types">[], renames: Facts["renamed"]): RowOf<"types">[] {
  const nameById = new Map<unknown, string>(
    renames.map(([typeId, , current]) => [typeId, current]),
  );
  return types.map((type) => ({ ...type, name: nameById.get(type.type_id) ?? type.name }));
}

function lowered(systems: RowOf<"systems">[], change: Facts["lowered"]): RowOf<"systems">[] {
  if (!change) return systems;
  const ids = new Set<unknown>(change.systems);
  return systems.map((system) =>
    ids.has(system.system_id) ? { ...system, security: change.security } : system,
  );
}

/** The export alone was sound. Any misfit found now comes from the amendments. */
function refuseMisfits(universe: Universe, rows: Universe["rows"]): void {
  const known = new Set(problemsIn(universe));
  const problems = problemsIn({ rows }).filter((problem) => !known.has(problem));
  if (problems.length === 0) return;
  const shown = problems.slice(0, 10).map((problem) => `\n  ${problem}`);
  throw new Error(`The amendments do not fit ${universe.source}:${shown.join("")}`);
}
