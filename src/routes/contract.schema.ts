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
    .openapi({ description: `${description} Null where an end is unknown, or there is no way.` });
const name = () => z.string().nullable();
const instant = () => z.string().openapi({ format: "date-time", example: "2026-08-30T22:07:39Z" });

export const blueprintSchema = z
  .object({
    is_copy: z.boolean(),
    runs: z.int().nullable().openapi({ description: "Null on an original." }),
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
    evidence: z.record(z.string(), evidenceSchema).openapi({ description: "The numbers seen." }),
  })
  .openapi("ContractFlag");

export const contractSchema = z
  .object({
    contract_id: int().openapi({ example: 235554523 }),
    type: z.enum(contractTypes),
    status: z.enum(contractStatuses).openapi({
      description:
        "outstanding: in the latest complete list of its region, with time left. expired: ran out of time. gone: left the list before it expired; ESI does not say why.",
    }),
    title: z.string().nullable().openapi({ description: "The issuer's free text, verbatim." }),
    price: isk("What the acceptor pays; the starting bid of an auction; null for a courier."),
    reward: isk("What the acceptor is paid."),
    collateral: isk("Couriers only."),
    volume: z.number().nullable().openapi({ description: "In m³." }),
    buyout: isk("Of an auction that has one."),
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
      description: "As the game shows it: one decimal.",
      example: 0.9,
    }),
    start_security_class: z.enum(securityClasses).nullable(),
    start_location_kind: locationKind().openapi({
      description:
        "structure: a player's; its system is null unless the operator was told, and whether you may dock nobody knows. The region is always known.",
    }),
    start_is_highsec_island: z.boolean().nullable().openapi({
      description:
        "Highsec that no highsec way joins to the main body of highsec; null where the system is unknown.",
    }),
    jumps: jumps("From `from_system_id` to the start, by the route asked for."),
    region_id: int(),
    region_name: name(),
    end_location_id: int().nullable().openapi({ description: "Couriers only, as all of `end_`." }),
    end_location_name: name(),
    end_system_id: int().nullable(),
    end_system_name: name(),
    end_security: z.number().nullable(),
    end_security_class: z.enum(securityClasses).nullable(),
    end_location_kind: locationKind(),
    route_jumps: jumps("Couriers: from start to end, by the shortest way."),
    route_jumps_highsec: jumps("Couriers: from start to end, entering no system below 0.45."),
    reward_per_volume: isk("Couriers: ISK a m³; null where either is unknown or zero."),
    reward_per_jump: isk("Couriers: ISK a jump of `route_jumps`, where 0 counts as 1."),
    items_status: z.enum(["complete", "pending", "unavailable", "none"]).openapi({
      description:
        "complete; pending: not fetched yet; unavailable: ESI refuses them; none: this type of contract has none.",
    }),
    item_count: z.int().nullable().openapi({ description: "Rows offered; null until complete." }),
    requested_item_count: z.int().nullable().openapi({ description: "Rows asked for." }),
    label: z.string().nullable().openapi({
      description: "What a buyer would call it; null where nothing is offered.",
      example: "Ishtar + 12 more",
    }),
    primary_type_id: int().nullable(),
    primary_type_name: name(),
    primary_group_id: int().nullable(),
    primary_group_name: name(),
    primary_category_id: int().nullable(),
    primary_category_name: name(),
    is_ship: z.boolean().nullable().openapi({ description: "Offers a ship; null until complete." }),
    has_blueprint_copy: z.boolean().nullable(),
    has_blueprint_original: z.boolean().nullable(),
    wants_items: z.boolean().nullable(),
    blueprint: blueprintSchema.nullable().openapi({
      description: "The offered blueprint, where it is the only one.",
    }),
    value_sell: isk(
      "What the offered items are worth at Jita's sell; null where none has a price.",
    ),
    value_buy: isk("And at Jita's buy."),
    priced_ratio: z.number().nullable().openapi({
      description:
        "Share of the offered rows that have a market price: copies and abyssal ones have none.",
    }),
    requested_value: isk(
      "What the asked-for items are worth at Jita's sell; null where one has no price.",
    ),
    price_confidence: z.enum(priceConfidences).nullable().openapi({
      description:
        "How sure the least sure of these prices is. firm: many orders at several prices agree; thin: one seller may have made it; average: it is ESI's average. Null where nothing offered has a price.",
    }),
    cost: isk("What taking it costs: price + requested_value - reward."),
    price_to_value: z.number().nullable().openapi({
      description: "cost / value_sell, where every offered row has a price.",
    }),
    price_to_partial_value: z.number().nullable().openapi({
      description: "cost / value_sell, where some rows have none: the contract may be worth more.",
    }),
    priced_at: instant().nullable().openapi({
      description:
        "The price book's time. A value is written again where a newer book moves it by more than 1%.",
    }),
    hull_rank: z.int().nullable().openapi({
      description: "Of a lone hull: its place among the asks for that hull, 1 is the lowest.",
    }),
    hull_listed: z.int().nullable().openapi({ description: "How many such asks there are." }),
    hull_percentile: z.number().nullable().openapi({
      description: "Share of these asks that are strictly lower.",
    }),
    flags: z.array(flagSchema).openapi({
      description: "What is wrong with it, or worth a second look; `GET /v1/flags` explains each.",
    }),
    first_seen_at: instant().openapi({ description: "When Hangar Bay first served it." }),
    last_seen_at: instant().nullable().openapi({
      description: "The latest list that held it: of an outstanding contract its region's `as_of`.",
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
