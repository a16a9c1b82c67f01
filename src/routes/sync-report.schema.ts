import { z } from "@hono/zod-openapi";

import { type SyncCosts, type SyncReport, syncOutcomes } from "../domain/sync-report.ts";
import { isoFromMs } from "../lib/time.ts";

const count = () => z.int().nonnegative();
const instant = () => z.string().openapi({ format: "date-time" });

export const syncReportSchema = z
  .object({
    outcome: z.enum(syncOutcomes).openapi({
      description:
        "done: all that was due; budget: all that a run may take, the next one goes on; held: ESI must not be asked for now; idle: nothing was due; busy: another run was at it; superseded: another run took over; failed: something broke.",
    }),
    started_at: instant(),
    finished_at: instant(),
    regions: z
      .object({
        checked: count(),
        unchanged: count(),
        accepted: count(),
        held: count(),
        failed: count(),
      })
      .openapi({ description: "Lists asked for, and what came of it." }),
    contracts: z.object({ listed: count(), ended: count(), moved: count() }),
    list_rows: count().openapi({ description: "Rows of the lists that were read whole." }),
    odd_rows: count().openapi({ description: "Rows of lists that made no sense, passed over." }),
    odd_fields: count().openapi({
      description:
        "Optional fields of new contracts and their items that made no sense: the rows are kept without them.",
    }),
    items: z
      .object({ complete: count(), rows: count(), refused: count(), failed: count() })
      .openapi({ description: "Contracts whose items came, their rows, and the others." }),
    names: z.object({ resolved: count(), failed: count() }),
    revalued: count().openapi({
      description: "Contracts whose items a new price book values otherwise.",
    }),
    pruned_contracts: count(),
    purged_tags: count(),
    esi_requests: count(),
    queries: count().openapi({ description: "Statements to D1." }),
    rows_read: count().openapi({ description: "As D1 bills them." }),
    rows_written: count(),
  })
  .openapi("SyncReport");

export const syncCostsSchema = z
  .object({
    date: z.string().openapi({ format: "date" }),
    runs: count(),
    esi_requests: count(),
    queries: count().openapi({ description: "Statements to D1." }),
    rows_read: count().openapi({ description: "As D1 bills them." }),
    rows_written: count(),
  })
  .openapi("SyncCosts");

export const toSyncCosts = (costs: SyncCosts): z.infer<typeof syncCostsSchema> => ({
  date: costs.date,
  runs: costs.runs,
  esi_requests: costs.esiRequests,
  queries: costs.queries,
  rows_read: costs.rowsRead,
  rows_written: costs.rowsWritten,
});

export const toSyncReport = (report: SyncReport): z.infer<typeof syncReportSchema> => ({
  outcome: report.outcome,
  started_at: isoFromMs(report.startedAt),
  finished_at: isoFromMs(report.finishedAt),
  regions: report.regions,
  contracts: report.contracts,
  list_rows: report.listRows,
  odd_rows: report.oddRows,
  odd_fields: report.oddFields,
  items: report.items,
  names: report.names,
  revalued: report.revalued,
  pruned_contracts: report.prunedContracts,
  purged_tags: report.purgedTags,
  esi_requests: report.esiRequests,
  queries: report.queries,
  rows_read: report.rowsRead,
  rows_written: report.rowsWritten,
});
