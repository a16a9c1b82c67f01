import type { EpochSeconds } from "../../lib/time.ts";
import type { ContractStatus } from "../contract.ts";
import { type Flag, flagOf } from "./flag.ts";
import { type PlaceFacts, placeFlags } from "./place-flags.ts";
import {
  collateralOverValue,
  manyFillers,
  type PriceFacts,
  priceMagnitude,
  requestedUnpriced,
  tooCheap,
  zeroPrice,
} from "./price-flags.ts";

export const expiresSoonSeconds = 3600;

/** The facts about a contract that are judged when it is read. */
export type RowFacts = PriceFacts & {
  status: ContractStatus;
  dateExpired: EpochSeconds;
  /** The start. For couriers, the start and the end. */
  ends: readonly PlaceFacts[];
};

function expiresSoon({ status, dateExpired }: RowFacts, now: EpochSeconds): Flag[] {
  const left = dateExpired - now;
  if (status !== "outstanding" || left >= expiresSoonSeconds) return [];
  const detail = `Expires in ${Math.floor(left / 60)} min`;
  return [flagOf("expires_soon", detail, { seconds_left: left })];
}

/** The flags raised by a contract's numbers, in the order of `rowFlagCodes`. */
export function rowFlags(facts: RowFacts, nowSeconds: EpochSeconds): Flag[] {
  return [
    ...priceMagnitude(facts),
    ...tooCheap(facts),
    ...zeroPrice(facts),
    ...requestedUnpriced(facts),
    ...manyFillers(facts),
    ...placeFlags(facts.ends),
    ...collateralOverValue(facts),
    ...expiresSoon(facts, nowSeconds),
  ];
}
