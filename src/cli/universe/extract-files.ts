/** The extract as files: `src/universe/data`, or another folder of that form. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  differencesFromManifest,
  type Extract,
  type Manifest,
  perTable,
  tableNames,
} from "./extract.ts";
import { isRecord, jsonIn } from "./source-entry.ts";
import { stargateMapOf } from "./stargate-map.ts";

/** The extract that ships with the project. */
export const committedExtract = join(import.meta.dirname, "../../universe/data");

/** Made from the extract, beside it: the Worker has it in its bundle. */
const stargatesFile = "stargates.json";

/** @throws if a file is missing or not what the manifest promises. */
export async function readExtract(folder: string): Promise<Extract> {
  const manifest = manifestFrom(
    join(folder, "manifest.json"),
    await textOf(folder, "manifest.json"),
  );
  const texts = perTable(() => "");
  for (const table of tableNames) texts[table] = await textOf(folder, `${table}.jsonl`);
  const extract = { manifest, texts };
  const differences = await differencesFromManifest(extract);
  if (differences.length === 0) return extract;
  throw new Error(`${folder} is not a whole extract: ${differences.join("; ")}`);
}

/**
 * Puts an extract in the place of another. It is written beside it first, so that whatever fails
 * before the last step leaves the old one as it was.
 */
export async function replaceExtract(folder: string, extract: Extract): Promise<void> {
  const fresh = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  await mkdir(fresh, { recursive: true });
  try {
    for (const table of tableNames) {
      await writeFile(join(fresh, `${table}.jsonl`), extract.texts[table]);
    }
    await writeFile(join(fresh, stargatesFile), `${JSON.stringify(stargateMapOf(extract))}\n`);
    await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(extract.manifest, null, 2)}\n`);
    const had = await rename(folder, old).then(
      () => true,
      () => false,
    );
    await rename(fresh, folder).catch(async (cause: unknown) => {
      if (had) await rename(old, folder);
      throw cause;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function textOf(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), "utf8").catch((cause: unknown) => {
    throw new Error(`${join(folder, file)} is missing: npm run universe:build makes it`, { cause });
  });
}

function manifestFrom(path: string, text: string): Manifest {
  const json = jsonIn(text, path);
  if (isManifest(json)) return json;
  throw new Error(`${path} is not a manifest: npm run universe:build makes one`);
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || typeof value["version"] !== "string") return false;
  const { source, rows, sha256 } = value;
  if (typeof source !== "string" || !isRecord(rows) || !isRecord(sha256)) return false;
  return tableNames.every(
    (table) => typeof rows[table] === "number" && typeof sha256[table] === "string",
  );
}
