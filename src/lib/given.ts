type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Keeps only the keys with a value. A value of undefined means "not asked". */
export function given<T extends object>(values: T): Partial<Given<T>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries of T, less the undefined ones
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Given<T>>;
}
