import type { ContractSearchRepository } from "../db/search/contract-search-repository.ts";
import type { ContractPosition, ContractQuery } from "../domain/contract-query.ts";
import type { ContractSummary } from "../domain/contract-summary.ts";
import type { DataVersion } from "../domain/data-version.ts";
import { chunked } from "../lib/chunked.ts";
import type { EpochMs } from "../lib/time.ts";
import { totalsOf } from "./contract-totals.ts";

type Deps = {
  contracts: ContractSearchRepository;
  now: () => EpochMs;
};

/** Contracts that are in memory at a time, whatever the limit. */
export const exportChunkRows = 500;

/** What matches a search, to be read chunk by chunk. */
export type ContractExport = {
  version: DataVersion;
  /** How many contracts match in all: exact. */
  total: number;
  /** Where the export ends; null if it has the last match. */
  next: ContractPosition | null;
  /** The contracts, in order. Each chunk is read when it is asked for. */
  chunks: AsyncGenerator<ContractSummary[], void>;
};

export function createContractExport({ contracts, now }: Deps) {
  return {
    /**
     * Finds which contracts match, up to the limit, from one state of the data. What is exported of
     * each is read afterwards, chunk by chunk: a contract that ends in between says so by its `status`.
     *
     * @throws {AppError} `database-unavailable` when the data changes faster than it can be read.
     */
    async open(query: ContractQuery): Promise<ContractExport> {
      const at = now();
      const result = await contracts.findPositions(query, at);
      const { states } = result;

      async function* chunks() {
        for (const positions of chunked(result.positions, exportChunkRows)) {
          const ids = positions.map(({ contractId }) => contractId);
          // oxlint-disable-next-line no-await-in-loop -- one chunk in memory at a time
          yield await contracts.contractsOfIds(ids, { states, now: at, reach: query.reach });
        }
      }

      return {
        version: result.version,
        total: totalsOf(query.filters, result).total,
        next: result.next,
        chunks: chunks(),
      };
    },
  };
}

export type ContractExporter = ReturnType<typeof createContractExport>;
