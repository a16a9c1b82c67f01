const compact = new Intl.NumberFormat("en", {
  notation: "compact",
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

/** An amount of ISK as pilots write it, to three significant digits: `9.80 M ISK`. */
export const shortIsk = (isk: number): string =>
  `${compact
    .formatToParts(isk)
    .map(({ type, value }) => (type === "compact" ? ` ${value}` : value))
    .join("")} ISK`;
