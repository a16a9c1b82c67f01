/** Asks an ESI, whatever it is, as a run of the sync does, with a clock that never waits. */
import { env } from "cloudflare:workers";

import { configFrom } from "../../src/config.ts";
import { createEsiClient } from "../../src/esi/client.ts";
import { createGovernor } from "../../src/esi/governor.ts";
import { createTransport } from "../../src/esi/transport.ts";

/** A moment outside ESI's downtime. */
export const noon = Date.parse("2041-03-05T12:00:00Z");

export const config = configFrom({
  ...env,
  ESI_BASE_URL: "https://esi.test",
  ESI_USER_AGENT: "HangarBay/test (tests@hangar-bay.test)",
  ESI_COMPATIBILITY_DATE: "2026-08-18",
  ESI_TIMEOUT_MS: "100",
});

type Fetch = (request: Request) => Promise<Response>;

export function setUp(fetch: Fetch, now: () => number = () => noon) {
  const governor = createGovernor({
    now,
    sleep: async () => {},
    limits: [],
    requestsPerSecond: 1_000,
    maxRequests: 1_000,
    deadline: Number.POSITIVE_INFINITY,
    isPaused: () => false,
  });
  const transport = createTransport({
    fetch: (input, init) => fetch(new Request(input, init)),
    config,
    governor,
    now,
  });
  return { governor, transport, esi: createEsiClient(transport) };
}
