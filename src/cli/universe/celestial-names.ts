/**
 * Names that CCP's JSON Lines export leaves out because they follow from others. The few celestials
 * that have a name of their own, such as "Amarr VIII (Oris)", bring it along.
 * https://developers.eveonline.com/docs/guides/staticdata/#celestial-names
 */

type Planet = { systemName: string; celestialIndex: number };

export function planetName({ systemName, celestialIndex }: Planet): string {
  return `${systemName} ${romanNumeral(celestialIndex)}`;
}

type Moon = { planet: string; orbitIndex: number };

export function moonName({ planet, orbitIndex }: Moon): string {
  return `${planet} - Moon ${orbitIndex}`;
}

/** The operation is given if the station's `useOperationName` is true. */
type Station = { orbit: string; corporation: string; operation: string | undefined };

export function stationName({ orbit, corporation, operation }: Station): string {
  const name = `${orbit} - ${corporation}`;
  return operation === undefined ? name : `${name} ${operation}`;
}

const numerals = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
] as const;

/** @throws if there is no such numeral: below 1, above 3999, or not whole. */
export function romanNumeral(number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > 3999) {
    throw new RangeError(`there is no Roman numeral for ${number}`);
  }
  let rest = number;
  let text = "";
  for (const [value, letters] of numerals) {
    text += letters.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return text;
}
