/** One request, as the routes and the faults see it. */
export type Call = {
  /** ESI's own name for the route: `/contracts/public/{region_id}`. */
  readonly route: string;
  readonly params: Readonly<Record<string, number>>;
  readonly page: number;
  readonly url: URL;
  readonly request: Request;
  /** The JSON that a POST carries. */
  readonly body: unknown;
  readonly at: Date;
};

export function paramOf(call: Call, name: string): number {
  const value = call.params[name];
  if (value === undefined) throw new Error(`${call.route} has no ${name}.`);
  return value;
}
