import { contractTypes, type ContractType, type ListedContract } from "../domain/contract.ts";
import { type ContractRow, contractRowSchema, oddFieldsOf } from "./schema.ts";

const isKnownType = (type: string): type is ContractType =>
  (contractTypes as readonly string[]).includes(type);

/** A contract type that ESI adds later is listed as unknown, never dropped. */
export const contractTypeOf = (type: string): ContractType =>
  isKnownType(type) ? type : "unknown";

const orNull = <Value>(value: Value | null | undefined): Value | null => value ?? null;

/**
 * ESI sends zeros for fields that mean nothing for a type, or leaves them out. Both become null
 * here.
 */
function contractFromRow(row: ContractRow): ListedContract {
  const type = contractTypeOf(row.type);
  const isCourier = type === "courier";
  return {
    contractId: row.contract_id,
    type,
    title: row.title || null,
    price: isCourier ? null : orNull(row.price),
    // An item exchange may pay the player who takes it.
    reward: type === "auction" ? null : orNull(row.reward),
    collateral: isCourier ? orNull(row.collateral) : null,
    volume: orNull(row.volume),
    buyout: type === "auction" ? row.buyout || null : null,
    daysToComplete: isCourier ? orNull(row.days_to_complete) : null,
    dateIssued: row.date_issued,
    dateExpired: row.date_expired,
    forCorporation: row.for_corporation ?? false,
    issuerId: row.issuer_id,
    issuerCorporationId: row.issuer_corporation_id,
    startLocationId: orNull(row.start_location_id),
    endLocationId: isCourier ? orNull(row.end_location_id) : null,
  };
}

/**
 * Parses a row of a list. Returns null if it is malformed. A malformed row is counted and skipped,
 * but its page is kept.
 *
 * @param countOddFields - receives the number of optional fields that could not be read. These
 *   are null.
 */
export function parseContractRow(
  row: unknown,
  countOddFields: (fields: number) => void = () => undefined,
): ListedContract | null {
  const result = contractRowSchema.safeParse(row);
  if (!result.success) return null;
  countOddFields(oddFieldsOf(result.data));
  return contractFromRow(result.data);
}
