import { z } from "@hono/zod-openapi";

import type { ContractSummary, Location } from "../domain/contract-summary.ts";
import { contractStatuses, contractTypes } from "../domain/contract.ts";
import { flagCodes, severities } from "../domain/flags/flag.ts";
import { locationKinds } from "../domain/location.ts";
import { securityClasses } from "../domain/security.ts";
import { priceConfidences } from "../domain/valuation.ts";
import { isoFromMs, isoFromSeconds } from "../lib/time.ts";

const int = () => z.int().openapi({ format: "int64" });
const isk = (description: string) =>
  z.number().nullable().openapi({ description, example: 1250000.5 });
const locationKind = () => z.enum(locationKinds).nullable();
const jumps = (description: string) =>
  z
    .int()
    .nullable()
    .openapi({
      description: `${description} Null if either system is unknown, or if there is no route.`,
    });
const name = () => z.string().nullable();
const instant = () => z.string().openapi({ format: "date-time", example: "2026-08-30T22:07:39Z" });

export const blueprintSchema = z
  .object({
    is_copy: z.boolean(),
    runs: z.int().nullable().openapi({ description: "Null for an original." }),
    material_efficiency: z.int().nullable(),
    time_efficiency: z.int().nullable(),
  })
  .openapi("Blueprint");

const evidenceSchema = z.union([z.number(), z.string(), z.array(z.number()), z.array(z.string())]);

export const flagSchema = z
  .object({
    code: z.enum(flagCodes),
    severity: z.enum(severities),
    detail: z.string().openapi({ description: "The facts, in a sentence." }),
    evidence: z
      .record(z.string(), evidenceSchema)
      .openapi({ description: "The numbers that raised the flag." }),
  })
  .openapi("ContractFlag");

export const contractSchema = z
  .object({
    contract_id: int().openapi({ example: 235554523 }),
    type: z.enum(contractTypes),
    status: z.enum(contractStatuses).openapi({
      description:
        "outstanding: in the latest complete list of its region, and not expired. expired: its time ran out. gone: left the list before it expired; ESI does not say why.",
    }),
    title: z.string().nullable().openapi({ description: "The issuer's free text, verbatim." }),
    price: isk("What the acceptor pays. For an auction, the starting bid. Null for a courier."),
    reward: isk("What the acceptor is paid."),
    collateral: isk("Couriers only."),
    volume: z.number().nullable().openapi({ description: "In m³." }),
    buyout: isk("Only for an auction that has a buyout price."),
    days_to_complete: z.int().nullable().openapi({ description: "Couriers only." }),
    date_issued: instant(),
    date_expired: instant(),
    for_corporation: z.boolean(),
    issuer_id: int(),
    issuer_name: name(),
    issuer_corporation_id: int(),
    issuer_corporation_name: name(),
    start_location_id: int().nullable(),
    start_location_name: name(),
    start_system_id: int().nullable(),
    start_system_name: name(),
    start_security: z.number().nullable().openapi({
      description: "Rounded to one decimal, as the game shows it.",
      example: 0.9,
    }),
    start_security_class: z.enum(securityClasses).nullable(),
    start_location_kind: locationKind().openapi({
      description:
        "structure: a player's structure. Its system is null unless the operator has supplied it, and whether you may dock there is unknown. The region is always known.",
    }),
    start_is_highsec_island: z.boolean().nullable().openapi({
      description:
        "True for a highsec system with no highsec route to the main body of highsec. Null if the system is unknown.",
    }),
    jumps: jumps("Jumps from `from_system_id` to the start, by the requested `route`."),
    region_id: int(),
    region_name: name(),
    end_location_id: int()
      .nullable()
      .openapi({ description: "Couriers only, like every `end_` field." }),
    end_location_name: name(),
    end_system_id: int().nullable(),
    end_system_name: name(),
    end_security: z.number().nullable(),
    end_security_class: z.enum(securityClasses).nullable(),
    end_location_kind: locationKind(),
    route_jumps: jumps("Couriers: jumps from start to end, by the shortest route."),
    route_jumps_highsec: jumps(
      "Couriers: jumps from start to end, by the shortest route that enters no system below 0.45.",
    ),
    reward_per_volume: isk(
      "Couriers: ISK per m³. Null if the reward or the volume is unknown or zero.",
    ),
    reward_per_jump: isk("Couriers: ISK per jump of `route_jumps`, where 0 jumps count as 1."),
    items_status: z.enum(["complete", "pending", "unavailable", "none"]).openapi({
      description:
        "complete: all items are known. pending: not fetched yet. unavailable: ESI refuses to list them. none: this type of contract has no items.",
    }),
    item_count: z.int().nullable().openapi({
      description: "Number of item rows offered. Null unless `items_status` is complete.",
    }),
    requested_item_count: z
      .int()
      .nullable()
      .openapi({ description: "Number of item rows asked for." }),
    label: z.string().nullable().openapi({
      description: "Short name for what the contract offers. Null if it offers nothing.",
      example: "Ishtar + 12 more",
    }),
    primary_type_id: int().nullable(),
    primary_type_name: name(),
    primary_group_id: int().nullable(),
    primary_group_name: name(),
    primary_category_id: int().nullable(),
    primary_category_name: name(),
    is_ship: z.boolean().nullable().openapi({
      description: "True if the contract offers a ship. Null unless `items_status` is complete.",
    }),
    has_blueprint_copy: z.boolean().nullable(),
    has_blueprint_original: z.boolean().nullable(),
    wants_items: z.boolean().nullable(),
    blueprint: blueprintSchema.nullable().openapi({
      description: "The offered blueprint, if there is exactly one.",
    }),
    value_sell: isk("Worth of the offered items at Jita's sell prices. Null if none has a price."),
    value_buy: isk("Worth of the offered items at Jita's buy prices."),
    priced_ratio: z.number().nullable().openapi({
      description:
        "Share of the offered rows that have a market price. Blueprint copies and abyssal modules have none.",
    }),
    requested_value: isk(
      "Worth of the items asked for at Jita's sell prices. Null if one of them has no price.",
    ),
    price_confidence: z.enum(priceConfidences).nullable().openapi({
      description:
        "How reliable the least reliable of these prices is. firm: many orders at several prices agree. thin: one seller may have set it. average: it is ESI's average. Null if nothing offered has a price.",
    }),
    cost: isk("What it costs to accept the contract: price + requested_value - reward."),
    price_to_value: z.number().nullable().openapi({
      description: "cost / value_sell, if every offered row has a price.",
    }),
    price_to_partial_value: z.number().nullable().openapi({
      description:
        "cost / value_sell, if some offered rows have no price. The contract may be worth more than value_sell.",
    }),
    priced_at: instant().nullable().openapi({
      description:
        "Time of the price book (prices derived from Jita's orders) behind these values. A value is updated only if a newer price book changes it by more than 1%.",
    }),
    hull_rank: z.int().nullable().openapi({
      description:
        "For a contract that offers one hull and nothing else: its rank among the asking prices for that hull. 1 is the lowest.",
    }),
    hull_listed: z
      .int()
      .nullable()
      .openapi({ description: "Number of asking prices in that ranking." }),
    hull_percentile: z.number().nullable().openapi({
      description: "Share of these asking prices that are strictly lower.",
    }),
    flags: z.array(flagSchema).openapi({
      description:
        "Facts about the contract that are wrong or deserve a second look. `GET /v1/flags` explains each flag.",
    }),
    first_seen_at: instant().openapi({ description: "When Hangar Bay first served the contract." }),
    last_seen_at: instant().nullable().openapi({
      description:
        "Time of the latest list that contained the contract. For an outstanding contract, its region's `as_of`.",
    }),
  })
  .openapi("Contract");

export type Contract = z.infer<typeof contractSchema>;

function endOf(end: Location | null) {
  return {
    end_location_id: end?.locationId ?? null,
    end_location_name: end?.locationName ?? null,
    end_system_id: end?.systemId ?? null,
    end_system_name: end?.systemName ?? null,
    end_security: end?.security ?? null,
    end_security_class: end?.securityClass ?? null,
    end_location_kind: end?.kind ?? null,
  };
}

function worthOf({ worth, ...contract }: ContractSummary) {
  return {
    value_sell: worth?.valueSell ?? null,
    value_buy: worth?.valueBuy ?? null,
    priced_ratio: worth?.pricedRatio ?? null,
    requested_value: worth?.requestedValue ?? null,
    price_confidence: worth?.priceConfidence ?? null,
    cost: contract.cost,
    price_to_value: contract.priceToValue,
    price_to_partial_value: contract.priceToPartialValue,
    priced_at: worth ? isoFromSeconds(worth.pricedAt) : null,
  };
}

function offerOf(contract: ContractSummary) {
  const { primaryType, primaryGroup, primaryCategory, blueprint } = contract;
  return {
    items_status: contract.itemsStatus,
    item_count: contract.itemCount,
    requested_item_count: contract.requestedItemCount,
    label: contract.label,
    primary_type_id: primaryType?.id ?? null,
    primary_type_name: primaryType?.name ?? null,
    primary_group_id: primaryGroup?.id ?? null,
    primary_group_name: primaryGroup?.name ?? null,
    primary_category_id: primaryCategory?.id ?? null,
    primary_category_name: primaryCategory?.name ?? null,
    is_ship: contract.isShip,
    has_blueprint_copy: contract.hasBlueprintCopy,
    has_blueprint_original: contract.hasBlueprintOriginal,
    wants_items: contract.wantsItems,
    blueprint: blueprint && {
      is_copy: blueprint.isCopy,
      runs: blueprint.runs,
      material_efficiency: blueprint.materialEfficiency,
      time_efficiency: blueprint.timeEfficiency,
    },
  };
}

export function toContract(contract: ContractSummary): Contract {
  const { start } = contract;
  return {
    contract_id: contract.contractId,
    type: contract.type,
    status: contract.status,
    title: contract.title,
    price: contract.price,
    reward: contract.reward,
    collateral: contract.collateral,
    volume: contract.volume,
    buyout: contract.buyout,
    days_to_complete: contract.daysToComplete,
    date_issued: isoFromSeconds(contract.dateIssued),
    date_expired: isoFromSeconds(contract.dateExpired),
    for_corporation: contract.forCorporation,
    issuer_id: contract.issuerId,
    issuer_name: contract.issuerName,
    issuer_corporation_id: contract.issuerCorporationId,
    issuer_corporation_name: contract.issuerCorporationName,
    start_location_id: start.locationId,
    start_location_name: start.locationName,
    start_system_id: start.systemId,
    start_system_name: start.systemName,
    start_security: start.security,
    start_security_class: start.securityClass,
    start_location_kind: start.kind,
    start_is_highsec_island: contract.startIsHighsecIsland,
    jumps: contract.jumps,
    region_id: contract.regionId,
    region_name: contract.regionName,
    ...endOf(contract.end),
    route_jumps: contract.routeJumps,
    route_jumps_highsec: contract.routeJumpsHighsec,
    reward_per_volume: contract.rewardPerVolume,
    reward_per_jump: contract.rewardPerJump,
    ...offerOf(contract),
    ...worthOf(contract),
    hull_rank: contract.hull?.rank ?? null,
    hull_listed: contract.hull?.listed ?? null,
    hull_percentile: contract.hull?.percentile ?? null,
    flags: contract.flags.map(({ code, severity, detail, evidence }) => ({
      code,
      severity,
      detail,
      evidence,
    })),
    first_seen_at: isoFromMs(contract.firstSeenAt),
    last_seen_at: contract.lastSeenAt === null ? null : isoFromSeconds(contract.lastSeenAt),
  };
}
