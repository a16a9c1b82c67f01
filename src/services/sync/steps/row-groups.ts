import {
  groupsPerBatch,
  type RowGroupRepository,
} from "../../../db/row-groups/row-group-repository.ts";
import { chunked } from "../../../lib/chunked.ts";
import type { SyncRun } from "../run.ts";

const queriesPerBatch = 5;

/**
 * Rewrites the row groups in which a run changed contracts. Until then a search builds these groups
 * from their contracts. The answer is the same, but the search reads more.
 */
export function createRowGroupSync({ rowGroups }: { rowGroups: RowGroupRepository }) {
  return async function renewRowGroups(run: SyncRun): Promise<void> {
    if (run.changedRegions.size === 0) return;
    for (const groupIds of chunked(await rowGroups.outOfDate(), groupsPerBatch)) {
      if (!run.canQuery(queriesPerBatch)) return;
      await run.commit(rowGroups.renew(groupIds));
    }
  };
}

export type RowGroupSync = ReturnType<typeof createRowGroupSync>;
