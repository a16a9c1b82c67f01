/** How many contracts there are of each kind, and what they are about. */
import type { Weighted } from "../random.ts";

/** What a contract is about. Shares of item exchanges and auctions (esi.md section 3; [EO]). */
const realThemes = [
  [0.496, "copies"],
  [0.052, "originals"],
  [0.0115, "ship"],
  [0.11, "abyssal"],
  [0.11, "modules"],
  [0.063, "commodities"],
  [0.02, "implants"],
  [0.022, "drones"],
  [0.02, "skins"],
  [0.014, "apparel"],
  [0.02, "accessories"],
  [0.016, "charges"],
  [0.012, "materials"],
  [0.006, "skills"],
  [0.008, "containers"],
  [0.004, "structures"],
  [0.017, "mixed"],
] as const;

export type Theme = (typeof realThemes)[number][1];

export type MixName = "real" | "rich";

export type Mix = {
  /** Of all contracts. */
  couriers: number;
  themes: Weighted<Theme>;
  /** How often something is wrong with a contract, beside the real New Eden. */
  schemes: number;
};

/**
 * `rich` has ten times the ships and couriers, and twice what is odd, so that a few thousand
 * contracts show some of everything. `real` is what New Eden has.
 */
export const mixes: Record<MixName, Mix> = {
  real: { couriers: 0.005, themes: realThemes, schemes: 1 },
  rich: {
    couriers: 0.08,
    themes: realThemes.map(([share, theme]) => [theme === "ship" ? share * 12 : share, theme]),
    schemes: 2,
  },
};
