import { expect, it } from "vitest";

import { etagOfPinnedWorld, pinnedEtag } from "./pinned.ts";

it("is the same in workerd", async () => {
  expect(await etagOfPinnedWorld()).toBe(pinnedEtag);
});
