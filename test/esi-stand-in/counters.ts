/** What the stand-in was asked, and what was wrong with the asking. */

export type Violation = { rule: ViolationRule; method: string; url: string };

export type ViolationRule =
  /** Real ESI may ban a client that tells nobody who it is. */
  | "no-user-agent"
  /** Without it ESI answers in its oldest shape. */
  | "no-compatibility-date"
  /** A Worker has six connections at once. */
  | "too-many-at-once"
  /** "You should not update before that": the same page of a list, asked again before its Expires. */
  | "list-before-expiry"
  /** Items cannot change: a second 200 is a request wasted. */
  | "items-again"
  | "items-of-courier"
  | "bids-of-no-auction";

export type Counters = ReturnType<typeof createCounters>;

const initial = () => ({
  /** Answers by route template and status; a request that got none has status 0. */
  requests: {} as Record<string, Record<string, number>>,
  listsBeforeExpiry: 0,
  /** 200s by contract id. */
  items: new Map<number, number>(),
  maxInFlight: 0,
  lowestErrorBudget: 100,
  sent420: 0,
  sent429: 0,
  violations: [] as Violation[],
});

export function createCounters() {
  let state = initial();
  let inFlight = 0;

  function answered(template: string, status: number): void {
    const byStatus = (state.requests[template] ??= {});
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (status === 420) state.sent420 += 1;
    if (status === 429) state.sent429 += 1;
  }

  /** How many requests, of all or of one route, with any status or the one told. */
  function total(template?: string, status?: number): number {
    const routes =
      template === undefined ? Object.values(state.requests) : [state.requests[template] ?? {}];
    const counts = routes.flatMap((byStatus) =>
      status === undefined ? Object.values(byStatus) : [byStatus[status] ?? 0],
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  return {
    total,
    get requests() {
      return state.requests;
    },
    get listsBeforeExpiry() {
      return state.listsBeforeExpiry;
    },
    /** How often each contract's first page of items was answered 200. */
    get items(): ReadonlyMap<number, number> {
      return state.items;
    },
    get itemsFetchedTwice() {
      return [...state.items].filter(([, times]) => times > 1).map(([id]) => id);
    },
    get inFlight() {
      return inFlight;
    },
    get maxInFlight() {
      return state.maxInFlight;
    },
    get lowestErrorBudget() {
      return state.lowestErrorBudget;
    },
    get sent420() {
      return state.sent420;
    },
    get sent429() {
      return state.sent429;
    },
    get violations(): readonly Violation[] {
      return state.violations;
    },
    reset(): void {
      state = initial();
    },

    begun(): number {
      inFlight += 1;
      state.maxInFlight = Math.max(state.maxInFlight, inFlight);
      return inFlight;
    },
    ended(): void {
      inFlight -= 1;
    },
    answered,
    violated(violation: Violation): void {
      state.violations.push(violation);
      if (violation.rule === "list-before-expiry") state.listsBeforeExpiry += 1;
    },
    itemsSent(contractId: number): number {
      const times = (state.items.get(contractId) ?? 0) + 1;
      state.items.set(contractId, times);
      return times;
    },
    errorBudget(remaining: number): void {
      state.lowestErrorBudget = Math.min(state.lowestErrorBudget, remaining);
    },
    toJSON() {
      const { items, ...rest } = state;
      return { ...rest, inFlight, contractsWithItems: items.size };
    },
  };
}
