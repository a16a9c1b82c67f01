/** `npm run universe:check`: holds the extract against a reference of a later day; docs/universe.md. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createProgress, runCommand } from "./terminal.ts";
import { findingsOf } from "./universe/differences.ts";
import { committedExtract, readExtract } from "./universe/extract-files.ts";
import { readReference } from "./universe/reference.ts";

async function check(): Promise<void> {
  const shared = join(import.meta.dirname, "../../../shared/data");
  const { values } = parseArgs({
    options: {
      reference: { type: "string", default: join(shared, "universe") },
      ships: { type: "string", default: join(shared, "sde-ships.json") },
      extract: { type: "string", default: committedExtract },
    },
  });
  const isThere = await access(values.reference).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    console.log(`There is no reference in ${values.reference}, so the extract cannot be checked.`);
    return;
  }
  const progress = createProgress(process.stderr);
  progress.report("Comparing the extract with the reference");
  const references = await readReference(values.reference, values.ships);
  const findings = findingsOf(await readExtract(values.extract), references);
  progress.end();
  for (const { table, file, kind, why, count, example } of findings) {
    const where = file.startsWith(table) ? table : `${table} (${file})`;
    console.log(`${where}: ${count} × ${kind}, ${why ?? "UNEXPLAINED"}\n    such as ${example}`);
  }
  const unexplained = findings.filter(({ why }) => why === undefined).length;
  console.log(`\n${findings.length} kinds of differences, ${unexplained} of them unexplained.`);
  if (unexplained > 0) process.exitCode = 1;
}

await runCommand(check);
