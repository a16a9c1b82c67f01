import { cache } from "cloudflare:workers";

import { version as release } from "../package.json";
import { type Config, configFrom } from "./config.ts";
import { createDatabase, type Database } from "./db/client.ts";
import { createContractDetailRepository } from "./db/contract-detail-repository.ts";
import { createEsiLimitRepository } from "./db/esi-limit-repository.ts";
import { createHullRepository } from "./db/hull-repository.ts";
import { createPriceRepository } from "./db/price-repository.ts";
import { createRegionRepository } from "./db/region-repository.ts";
import { createRouteRepository } from "./db/route-repository.ts";
import { createContractSearchRepository } from "./db/search/contract-search-repository.ts";
import { createStatusRepository } from "./db/status-repository.ts";
import { createSyncRepository } from "./db/sync-repository.ts";
import { createGroupRepository } from "./db/taxonomy/group-repository.ts";
import { createNameLookupRepository } from "./db/taxonomy/name-lookup-repository.ts";
import { createSystemRepository } from "./db/taxonomy/system-repository.ts";
import { createTypeRepository } from "./db/taxonomy/type-repository.ts";
import { createVersionRepository } from "./db/version-repository.ts";
import { isDowntime } from "./domain/downtime.ts";
import type { Stargates } from "./domain/stargates.ts";
import { type BidsGate, createBidsGate } from "./esi/bids-gate.ts";
import { createEsiClient } from "./esi/client.ts";
import type { CreateEsi } from "./esi/create-esi.ts";
import { createGovernor } from "./esi/governor.ts";
import { createTransport } from "./esi/transport.ts";
import { createEdgeCache } from "./lib/edge-cache.ts";
import type { EpochMs } from "./lib/time.ts";
import { type ContractDetailService, createContractDetail } from "./services/contract-detail.ts";
import { type ContractExporter, createContractExport } from "./services/contract-export.ts";
import { type ContractSearch, createContractSearch } from "./services/contract-search.ts";
import { createHulls, type Hulls } from "./services/hulls.ts";
import { createNameLookup, type NameLookup } from "./services/name-lookup.ts";
import { createRegions, type Regions } from "./services/regions.ts";
import { createRoutes, type Routes } from "./services/routes.ts";
import { createStatus, type Status } from "./services/status.ts";
import { createSteps } from "./services/sync/steps.ts";
import { createSync, type Sync } from "./services/sync/sync.ts";
import { createTaxonomy, type Taxonomy } from "./services/taxonomy.ts";
import { shippedFormerNames } from "./universe/former-names.ts";
import { shippedStargates } from "./universe/shipped-stargates.ts";

/** The outside world, replaceable in tests. */
export type Ports = {
  fetch: typeof fetch;
  now: () => EpochMs;
  sleep: (ms: number) => Promise<void>;
  /** The readers' share of ESI, in this isolate. */
  bidsGate: BidsGate;
  purge: (tags: readonly string[]) => Promise<void>;
  purgeEverything: () => Promise<boolean>;
};

/** Everything a front door may call. Routes and cron see services, never the database or ESI. */
export type Container = Readonly<{
  config: Config;
  now: () => EpochMs;
  /** The version of Hangar Bay. */
  release: string;
  sync: Sync;
  /**
   * Empties the cache in front of this Worker.
   *
   * @returns whether there is one.
   * @throws {AppError} `cache-unavailable`
   */
  purgeEverything: () => Promise<boolean>;
  contractSearch: ContractSearch;
  contractExport: ContractExporter;
  contractDetail: ContractDetailService;
  nameLookup: NameLookup;
  stargates: Stargates;
  regions: Regions;
  hulls: Hulls;
  routes: Routes;
  taxonomy: Taxonomy;
  status: Status;
}>;

/** Shared by all requests of the isolate, because its counts do not belong to one request. */
const bidsGate = createBidsGate();

const livePorts = (env: Env): Ports => ({
  fetch: env.ESI ? env.ESI.fetch.bind(env.ESI) : (...args) => fetch(...args),
  now: () => Date.now(),
  sleep: (ms) => scheduler.wait(ms),
  bidsGate,
  ...createEdgeCache(cache),
});

/**
 * Puts everything together, for one request or one run.
 *
 * @throws {AppError} `settings-invalid` when the environment's settings are.
 */
export function createContainer(env: Env, ports: Partial<Ports> = {}): Container {
  const {
    fetch,
    now,
    sleep,
    bidsGate: gate,
    purge,
    purgeEverything,
  } = { ...livePorts(env), ...ports };
  const config = configFrom(env);

  const createEsi: CreateEsi = (options) => {
    const governor = createGovernor({
      ...options,
      now,
      sleep,
      requestsPerSecond: config.esiRequestsPerSecond,
      isPaused: (at) => isDowntime(config.esiDowntime, at),
    });
    return { governor, esi: createEsiClient(createTransport({ fetch, config, governor, now })) };
  };

  let sync: Sync | undefined;
  return {
    config,
    now,
    release,
    purgeEverything,
    // Created on demand: no read needs it, and it is most of the work of building the container.
    get sync() {
      return (sync ??= syncOf({ config, db: createDatabase(env.DB), createEsi, now, purge }));
    },
    ...readersOf({ config, db: readDatabase(env.DB), createEsi, bidsGate: gate, now }),
  };
}

/**
 * Reads of the public API begin at the primary, and go on at a replica that is no older: one session
 * never goes back. A replica that lags would fill the caches with what a sync has just purged.
 */
const readDatabase = (d1: D1Database): Database => createDatabase(d1.withSession("first-primary"));

type ReaderParts = Pick<
  Parameters<typeof createContractDetail>[0],
  "createEsi" | "bidsGate" | "now"
> & {
  config: Config;
  db: Database;
};

function readersOf({ config, db, createEsi, bidsGate: gate, now }: ReaderParts) {
  const versions = createVersionRepository(db);
  const regions = createRegionRepository(db);
  const prices = createPriceRepository(db);
  const contracts = createContractSearchRepository(db, regions, shippedStargates);
  const contractSearch = createContractSearch({
    contracts,
    versions,
    now,
  });
  return {
    contractSearch,
    contractExport: createContractExport({ contracts, now }),
    hulls: createHulls({
      hulls: createHullRepository(db),
      prices,
      contractSearch,
      versions,
      now,
    }),
    contractDetail: createContractDetail({
      details: createContractDetailRepository(db),
      limits: createEsiLimitRepository(db),
      prices,
      stargates: shippedStargates,
      createEsi,
      bidsGate: gate,
      now,
    }),
    nameLookup: createNameLookup({
      names: createNameLookupRepository(db),
      formerNames: shippedFormerNames,
    }),
    stargates: shippedStargates,
    routes: createRoutes({ systems: createRouteRepository(db), stargates: shippedStargates }),
    regions: createRegions({ config, regions, versions, now }),
    taxonomy: createTaxonomy({
      types: createTypeRepository(db, shippedFormerNames),
      groups: createGroupRepository(db),
      systems: createSystemRepository(db),
      versions,
      now,
    }),
    status: createStatus({ statuses: createStatusRepository(db, regions), now }),
  };
}

type SyncParts = Pick<
  Parameters<typeof createSync>[0],
  "config" | "db" | "createEsi" | "now" | "purge"
>;

function syncOf({ config, db, ...rest }: SyncParts): Sync {
  const sync = createSyncRepository(db);
  return createSync({
    ...rest,
    config,
    db,
    sync,
    limits: createEsiLimitRepository(db),
    steps: createSteps({ config, db, sync, stargates: shippedStargates }),
  });
}
