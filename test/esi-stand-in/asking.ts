/** A clock that is told the time, and a client with manners: for tests. */

export type Clock = ReturnType<typeof createClock>;

export function createClock(start: Date | string) {
  let time = new Date(start).getTime();

  return {
    now: () => new Date(time),
    advance(seconds: number): Date {
      time += seconds * 1000;
      return new Date(time);
    },
    set(at: Date | string): void {
      time = new Date(at).getTime();
    },
  };
}

const manners = {
  "User-Agent": "HangarBay-tests/0.1 (tests@hangar-bay.invalid)",
  "X-Compatibility-Date": "2026-08-18",
};

type Asked = { fetch: (request: Request) => Promise<Response> };

/** `ask("/status")`, `ask("/universe/names", { post: [1] })`, `ask(path, { headers })`. */
export function createAsk({ fetch }: Asked) {
  return function ask(path: string, { post, headers, signal }: AskOptions = {}): Promise<Response> {
    const request = new Request(`https://esi.evetech.net${path}`, {
      headers: { ...manners, ...headers },
      ...(signal && { signal }),
      ...(post !== undefined && { method: "POST", body: JSON.stringify(post) }),
    });
    return fetch(request);
  };
}

export type AskOptions = {
  post?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};
