/** Rows that both forms of CCP's static data spell alike. */
import type { RowOf, Universe } from "./extract.ts";
import {
  englishIn,
  flagIn,
  idIn,
  keyOf,
  optionalId,
  optionalNumber,
  type SourceEntry,
} from "./source-entry.ts";

/** A universe without rows, to be filled by a source. */
export function emptyRows(): Universe["rows"] {
  return {
    regions: [],
    constellations: [],
    systems: [],
    jumps: [],
    stations: [],
    categories: [],
    groups: [],
    market_groups: [],
    meta_groups: [],
    types: [],
  };
}

export function categoryFrom(entry: SourceEntry): RowOf<"categories"> {
  return {
    category_id: keyOf(entry),
    name: englishIn(entry, "name"),
    is_published: Number(flagIn(entry, "published")),
  };
}

export function groupFrom(entry: SourceEntry): RowOf<"groups"> {
  return {
    group_id: keyOf(entry),
    name: englishIn(entry, "name"),
    category_id: idIn(entry, "categoryID"),
    is_published: Number(flagIn(entry, "published")),
  };
}

/** The YAML of 2024 calls the name of market and meta groups `nameID`, the JSON Lines of today `name`. */
type NameField = "name" | "nameID";

export function marketGroupFrom(entry: SourceEntry, name: NameField): RowOf<"market_groups"> {
  return {
    market_group_id: keyOf(entry),
    name: englishIn(entry, name),
    parent_group_id: optionalId(entry, "parentGroupID"),
  };
}

export function metaGroupFrom(entry: SourceEntry, name: NameField): RowOf<"meta_groups"> {
  return { meta_group_id: keyOf(entry), name: englishIn(entry, name) };
}

export function typeFrom(entry: SourceEntry): RowOf<"types"> {
  return {
    type_id: keyOf(entry),
    name: englishIn(entry, "name"),
    group_id: idIn(entry, "groupID"),
    is_published: Number(flagIn(entry, "published")),
    market_group_id: optionalId(entry, "marketGroupID"),
    meta_group_id: optionalId(entry, "metaGroupID"),
    base_type_id: optionalId(entry, "variationParentTypeID"),
    volume: optionalNumber(entry, "volume"),
  };
}
