import { z } from "@hono/zod-openapi";

import { type SyncCosts, type SyncReport, syncOutcomes } from "../domain/sync-report.ts";
import { isoFromMs } from "../lib/time.ts";

const count = () => z.int().nonnegative();
const instant = () => z.string().openapi({ format: "date-time" });

export const syncReportSchema = z
  .object({
    outcome: z.enum(syncOutcomes).openapi({
      description:
        "done: everything due was synced. budget: the run reached its limits; the next run continues. held: no requests to ESI are allowed for now. unreachable: ESI does not answer. idle: nothing was due. busy: another run was active. superseded: another run took over. failed: an error ended the run.",
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
      .openapi({ description: "Number of lists requested, by result." }),
    contracts: z.object({ listed: count(), ended: count(), moved: count() }),
    list_rows: count().openapi({ description: "Rows in the lists that were read completely." }),
    odd_rows: count().openapi({ description: "Invalid rows in lists, which were skipped." }),
    odd_fields: count().openapi({
      description:
        "Invalid optional fields of new contracts and their items. The rows are kept without these fields.",
    }),
    items: z
      .object({ complete: count(), rows: count(), refused: count(), failed: count() })
      .openapi({
        description:
          "Contracts whose items were fetched, their item rows, and contracts whose items were not fetched.",
      }),
    names: z.object({ resolved: count(), failed: count() }),
    revalued: count().openapi({
      description: "Contracts whose value changed with new prices.",
    }),
    pruned_contracts: count(),
    purged_tags: count(),
    esi_requests: count(),
    queries: count().openapi({ description: "Statements sent to D1." }),
    rows_read: count().openapi({ description: "Rows read, as D1 bills them." }),
    rows_written: count(),
  })
  .openapi("SyncReport");

export const syncCostsSchema = z
  .object({
    date: z.string().openapi({ format: "date" }),
    runs: count(),
    esi_requests: count(),
    queries: count().openapi({ description: "Statements sent to D1." }),
    rows_read: count().openapi({ description: "Rows read, as D1 bills them." }),
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
