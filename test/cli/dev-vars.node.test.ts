import { join } from "node:path";

import { expect, it } from "vitest";

import { checkDevVars } from "../../src/cli/dev-vars.ts";
import { aFolder } from "../support/folders.ts";

async function check(text: string, vars: Record<string, string> = {}): Promise<void> {
  const folder = await aFolder({ ".dev.vars": text });
  checkDevVars(join(folder, ".dev.vars"), { isOffline: true, vars });
}

it.each([
  "",
  "# nothing\n\nRETENTION_DAYS=3\n",
  'SYNC_REGION_IDS="10000002"',
  "CLOUDFLARE_ACCOUNT_ID=of-another-tool",
])("takes %j", async (text) => {
  await expect(check(text)).resolves.toBeUndefined();
});

it.each([
  ["RETENTION_DYAS=3", "RETENTION_DYAS is not a setting; did you mean RETENTION_DAYS?"],
  ["SYNC_REGION_ID=10000002", "did you mean SYNC_REGION_IDS?"],
  ["RETENTION_DAYS: 3", "line 1 is not NAME=value"],
  ["\nno", "line 2 is not NAME=value"],
  ["RETENTION_DAYS=0", "The settings are wrong"],
])("refuses %j", async (text, message) => {
  await expect(check(text)).rejects.toThrow(message);
});

it("also checks what --var gives", async () => {
  await expect(check("", { ADMIN_TOKN: "x" })).rejects.toThrow("did you mean ADMIN_TOKEN?");
});
