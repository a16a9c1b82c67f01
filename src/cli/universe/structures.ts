import { parse } from "csv-parse/sync";
import { z } from "zod";

import { isStructure } from "../../domain/location.ts";

/** A player's structure that somebody who may dock there named. */
export type Structure = { structureId: number; name: string; systemId: number };

const columns = ["structure_id", "name", "system_id"] as const;

const id = z.coerce.number("must be a number").int("must be a whole number").positive();

const rowSchema = z.object({
  structure_id: id.refine(isStructure, "is no structure's id: those begin at 1,000,000,000,000"),
  name: z
    .string()
    .trim()
    .min(1, "is empty")
    .max(200, "is longer than 200 characters")
    .refine((text) => !/\p{Cc}/u.test(text), "has control characters"),
  system_id: id,
});

/**
 * The structures of a CSV file (RFC 4180) with the columns `structure_id,name,system_id`.
 *
 * @throws naming each line at fault, and what is wrong with it.
 */
export function structuresIn(csv: string, isSystem: (systemId: number) => boolean): Structure[] {
  const lines: { record: unknown; info: { lines: number } }[] = parse(csv, {
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    info: true,
    skip_empty_lines: true,
    trim: true,
  });
  const faults: string[] = [];
  const found = new Map<number, Structure>();
  for (const { record, info } of lines) {
    const result = rowSchema.safeParse(record);
    if (!result.success) {
      faults.push(
        ...result.error.issues.map(
          ({ path, message }) => `line ${info.lines}: ${path.join(".")} ${message}`,
        ),
      );
      continue;
    }
    const { structure_id: structureId, name, system_id: systemId } = result.data;
    if (found.has(structureId)) faults.push(`line ${info.lines}: ${structureId} is there twice`);
    if (!isSystem(systemId)) faults.push(`line ${info.lines}: there is no system ${systemId}`);
    found.set(structureId, { structureId, name, systemId });
  }
  if (faults.length > 0) throw new Error(faults.slice(0, 20).join("\n"));
  if (found.size === 0) throw new Error(`There is no row under ${columns.join(",")}`);
  return [...found.values()];
}
