/**
 * One record of CCP's static data, from either of its forms, and how its fields are read: each reader
 * names the file and the key if a field is not what it must be.
 */
export type SourceEntry = {
  file: string;
  key: string;
  fields: Readonly<Record<string, unknown>>;
};

/** What a source says while it works: the step, and how much of it is done, from 0 to 1. */
export type Report = (step: string, done?: number) => void;

export function oddEntry({ file, key }: SourceEntry, problem: string): Error {
  return new Error(`${file}, ${key}: ${problem}`);
}

/** @param place - what the text is, for the error where it is no JSON. */
export function jsonIn(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${place}: not valid JSON`, { cause });
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number, or the text of one: YAML is read without guessing at types (see yaml-entries.ts). */
export function optionalNumber(entry: SourceEntry, field: string): number | null {
  const value = entry.fields[field];
  if (value === undefined || value === null) return null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw oddEntry(entry, `${field} must be a number, not ${JSON.stringify(value)}`);
}

export function numberIn(entry: SourceEntry, field: string): number {
  const number = optionalNumber(entry, field);
  if (number === null) throw oddEntry(entry, `${field} is missing`);
  return number;
}

export function optionalId(entry: SourceEntry, field: string): number | null {
  const id = optionalNumber(entry, field);
  if (id === null || (Number.isSafeInteger(id) && id >= 0)) return id;
  throw oddEntry(entry, `${field} must be an id, not ${id}`);
}

export function idIn(entry: SourceEntry, field: string): number {
  const id = optionalId(entry, field);
  if (id === null) throw oddEntry(entry, `${field} is missing`);
  return id;
}

/** The key itself as an id. */
export function keyOf(entry: SourceEntry): number {
  if (/^\d+$/.test(entry.key)) return Number(entry.key);
  throw oddEntry(entry, "the key must be an id");
}

/** Absent means no. */
export function flagIn(entry: SourceEntry, field: string): boolean {
  const value = entry.fields[field] ?? false;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw oddEntry(entry, `${field} must be true or false, not ${JSON.stringify(value)}`);
}

export function textIn(entry: SourceEntry, field: string): string {
  const value = entry.fields[field];
  if (typeof value === "string") return copyOf(value);
  throw oddEntry(entry, `${field} must be a text, not ${JSON.stringify(value) ?? "missing"}`);
}

/** The English text of a localized field, which comes as `{en, de, …}`; undefined if absent. */
export function optionalEnglish(entry: SourceEntry, field: string): string | undefined {
  const value = entry.fields[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return copyOf(value);
  if (isRecord(value) && typeof value["en"] === "string") return copyOf(value["en"]);
  throw oddEntry(entry, `${field} has no English text`);
}

export function englishIn(entry: SourceEntry, field: string): string {
  const text = optionalEnglish(entry, field);
  if (text === undefined) throw oddEntry(entry, `${field} is missing`);
  return text;
}

/** V8 keeps a whole slice of a file alive for a name cut out of it: 300 MB for those of types.yaml. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
