/** What ESI forbids or would be annoyed by: counted, and refused if ESI could not serve it well. */
import { type Answer, type Draft, failure } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Counters, ViolationRule } from "./counters.ts";
import type { World } from "./world.ts";

/** A Worker has six connections at once. */
const connections = 6;

const listRoute = "/contracts/public/{region_id}";
const itemsRoute = "/contracts/public/items/{contract_id}";
const bidsRoute = "/contracts/public/bids/{contract_id}";

const alwaysRefused = new Set<ViolationRule>(["no-user-agent", "no-compatibility-date"]);

type Options = { world: World; counters: Counters; isStrict: boolean };

export function createManners({ world, counters, isStrict }: Options) {
  /** The generation of each page of a list, and each page of items, that was last sent whole. */
  const sent = new Map<string, number>();

  const keyOf = ({ route, params, page }: Call) =>
    `${route} ${params["region_id"] ?? params["contract_id"] ?? ""} ${page}`;

  function refuse(rules: readonly ViolationRule[], { request }: Call): Answer | undefined {
    const { method, url } = request;
    for (const rule of rules) counters.violated({ rule, method, url });
    const refused = rules.find((rule) => isStrict || alwaysRefused.has(rule));
    return refused === undefined ? undefined : failure(400, `The stand-in refuses: ${refused}.`);
  }

  function brokenOnContracts(call: Call): ViolationRule[] {
    const type = world.contract(call.params["contract_id"] ?? 0)?.row.type;
    const broken: ViolationRule[] = [];
    if (call.route === itemsRoute && sent.has(keyOf(call))) broken.push("items-again");
    if (call.route === itemsRoute && type === "courier") broken.push("items-of-courier");
    const isAuction = type === undefined || type === "auction";
    if (call.route === bidsRoute && !isAuction) broken.push("bids-of-no-auction");
    return broken;
  }

  return {
    /** Before the route is asked. */
    refusalOf(call: Call): Answer | undefined {
      const { headers } = call.request;
      const broken = brokenOnContracts(call);
      if (!headers.get("User-Agent")) broken.push("no-user-agent");
      if (!headers.get("X-Compatibility-Date")) broken.push("no-compatibility-date");
      if (counters.inFlight > connections) broken.push("too-many-at-once");
      return refuse(broken, call);
    },

    /** Once it is known what would be sent: a page that the client has already brings nothing new. */
    refusalAfter(call: Call, { cached, status, cut }: Draft): Answer | undefined {
      const isWhole = cached !== undefined && cut === undefined;
      const isServed = status === 200 || status === 304;
      if (!isWhole || !isServed) return undefined;

      const key = keyOf(call);
      if (call.route === itemsRoute && status === 200) {
        sent.set(key, cached.generatedAt);
        if (call.page === 1) counters.itemsSent(call.params["contract_id"] ?? 0);
      }
      if (call.route !== listRoute) return undefined;
      const isAgain = sent.get(key) === cached.generatedAt;
      sent.set(key, cached.generatedAt);
      return isAgain ? refuse(["list-before-expiry"], call) : undefined;
    },
  };
}
