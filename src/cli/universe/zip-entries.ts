/** Reads the datasets of CCP's JSON Lines export out of its zip, a row at a time. */
import { basename } from "node:path";
import { crc32 } from "node:zlib";

import { type Entry, openPromise, type ZipFile } from "yauzl";

import { isRecord, jsonIn, type Report, type SourceEntry } from "./source-entry.ts";

/** Yields the rows of `<dataset>.jsonl`, whose key is CCP's `_key`. */
export type Datasets = (dataset: string) => AsyncGenerator<SourceEntry>;

/**
 * Opens an export, passes its datasets to `read`, and always closes it.
 *
 * @throws if the file is no complete zip; the datasets throw if one is missing or broken.
 */
export async function withZip<T>(
  path: string,
  report: Report,
  read: (datasets: Datasets) => Promise<T>,
): Promise<T> {
  const zip = await openPromise(path, { autoClose: false }).catch((cause: unknown) => {
    throw new Error(`${path} is not a complete zip file`, { cause });
  });
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(basename(entry.fileName), entry);
    return await read((dataset) => {
      const entry = entries.get(`${dataset}.jsonl`);
      if (!entry) throw new Error(`${dataset}.jsonl is missing in ${path}`);
      return rowsOf(zip, entry, report);
    });
  } finally {
    zip.close();
  }
}

async function* rowsOf(zip: ZipFile, entry: Entry, report: Report): AsyncGenerator<SourceEntry> {
  const file = basename(entry.fileName);
  let number = 0;
  for await (const line of linesOf(zip, entry, report)) {
    number++;
    if (line.trim() !== "") yield rowFrom(file, number, line);
  }
}

function rowFrom(file: string, number: number, line: string): SourceEntry {
  const fields = jsonIn(line, `${file}, line ${number}`);
  const key = isRecord(fields) ? fields["_key"] : undefined;
  if (isRecord(fields) && (typeof key === "number" || typeof key === "string")) {
    return { file, key: String(key), fields };
  }
  throw new Error(`${file}, line ${number}: a row must be an object with a _key`);
}

async function* linesOf(zip: ZipFile, entry: Entry, report: Report): AsyncGenerator<string> {
  const file = basename(entry.fileName);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  let bytes = 0;
  let checksum = 0;
  try {
    const parts: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
    for await (const part of parts) {
      // yauzl checks sizes, and leaves this to its caller.
      checksum = crc32(part, checksum);
      report(`Reading ${file}`, (bytes += part.byteLength) / entry.uncompressedSize);
      const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    rest += decoder.decode();
  } catch (cause) {
    throw new Error(`${file} in the zip is damaged`, { cause });
  }
  if (checksum !== entry.crc32) throw new Error(`${file} in the zip is damaged: wrong checksum`);
  yield rest;
}
