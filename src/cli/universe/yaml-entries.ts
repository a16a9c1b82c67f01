/**
 * Reads CCP's large YAML files a slice at a time: types.yaml has 141 MB, and a parser needs a multiple
 * of what it is given.
 */
import { createReadStream } from "node:fs";
import { basename } from "node:path";

import { FAILSAFE_SCHEMA, load } from "js-yaml";

import { isRecord, type SourceEntry } from "./source-entry.ts";

const sliceBytes = 1 << 20;

/**
 * A line that begins a top-level entry, of a mapping or of a list. Not just any line without indent:
 * a quoted text with blank lines at its end is closed by a quote in the first column (type 33858).
 */
const entryStart = /^(?:- )?\w+:/gm;

/**
 * Yields the top-level entries of a file; those of a list are numbered from 0.
 *
 * @throws if a slice is no YAML, naming the file and the first key of the slice.
 */
export async function* yamlEntries(
  path: string,
  onRead?: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const file = basename(path);
  let rest = "";
  let count = 0;
  for await (const chunk of createReadStream(path, {
    encoding: "utf8",
    highWaterMark: sliceBytes,
  })) {
    rest += String(chunk);
    onRead?.(Buffer.byteLength(String(chunk)));
    const end = lastEntryStart(rest);
    for (const entry of entriesIn(file, rest.slice(0, end), count)) {
      count++;
      yield entry;
    }
    rest = rest.slice(end);
  }
  yield* entriesIn(file, rest, count);
}

/** The top-level values of these keys in a small file whose other parts need no parsing. */
export function yamlFields(file: string, text: string, keys: readonly string[]): SourceEntry {
  const starts = [...text.matchAll(entryStart)].map((match) => match.index);
  const slices = starts.map((start, at) => text.slice(start, starts[at + 1]));
  const wanted = slices.filter((slice) => keys.includes(slice.slice(0, slice.indexOf(":"))));
  const fields = parsed(file, wanted.join(""));
  return { file, key: "(top)", fields: isRecord(fields) ? fields : {} };
}

function lastEntryStart(text: string): number {
  let last = 0;
  for (const match of text.matchAll(entryStart)) last = match.index;
  return last;
}

function entriesIn(file: string, slice: string, count: number): SourceEntry[] {
  const value = parsed(file, slice);
  if (value === undefined) return [];
  const entries = Array.isArray(value)
    ? value.map((fields: unknown, at) => [String(count + at), fields] as const)
    : Object.entries(isRecord(value) ? value : { [slice.slice(0, 40)]: value });
  return entries.map(([key, fields]) => {
    if (isRecord(fields)) return { file, key, fields };
    throw new Error(`${file}, ${key}: an entry must have fields`);
  });
}

/**
 * Every plain scalar stays a text, for the readers to convert: the parser's own guess would make the
 * system 6E-578 the number 0.
 */
function parsed(file: string, yaml: string): unknown {
  if (yaml.trim() === "") return undefined;
  try {
    return load(yaml, { schema: FAILSAFE_SCHEMA });
  } catch (cause) {
    const near = yaml.slice(0, yaml.indexOf("\n"));
    throw new Error(`${file} is not valid YAML at or after the entry "${near}"`, { cause });
  }
}
