/** The routes of ESI that exist here, under the names that CCP's document gives them. */
import { failure } from "./answers.ts";
import { listBids, listContracts, listItems } from "./contract-routes.ts";
import type { BucketGroup } from "./limits.ts";
import { listOrders, listPrices, showStatus } from "./market-routes.ts";
import type { Handler, Route } from "./server.ts";
import { universeRoutes } from "./universe-routes.ts";

const get = (template: string, handle: Handler, bucket?: BucketGroup): Route => ({
  method: "GET",
  template,
  handle,
  ...(bucket !== undefined && { bucket }),
});

const routes: readonly Route[] = [
  get("/contracts/public/{region_id}", listContracts),
  get("/contracts/public/items/{contract_id}", listItems),
  get("/contracts/public/bids/{contract_id}", listBids),
  ...universeRoutes,
  get("/markets/prices", listPrices),
  get("/markets/{region_id}/orders", listOrders, "market-order"),
  get("/status", showStatus, "status"),
];

const unknownRoute: Route = get("unknown", () => failure(404, "Not found"));

/** The parameters in the path, or nothing if the template does not fit it. */
function paramsFrom(template: string, path: string): Record<string, number> | undefined {
  const [wanted, found] = [template.split("/"), path.split("/")];
  if (wanted.length !== found.length) return undefined;

  const params: Record<string, number> = {};
  for (const [index, part] of wanted.entries()) {
    const value = found[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== value) return undefined;
      continue;
    }
    if (!/^\d+$/.test(value)) return undefined;
    params[part.slice(1, -1)] = Number(value);
  }
  return params;
}

export function routeFor(method: string, path: string) {
  for (const route of routes) {
    const params = route.method === method ? paramsFrom(route.template, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return { route: unknownRoute, params: {} };
}
