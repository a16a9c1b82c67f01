/** Ships and what is called after them, by their own ids, for the tests of the rules on titles. */
import {
  type FlagItem,
  type FlagType,
  type ItemFacts,
  itemFlags,
} from "../../../src/domain/flags/item-flags.ts";
import { createTitleNames, type NamedHull } from "../../../src/domain/flags/title-names.ts";

const ship = (typeId: number, name: string): FlagType => ({
  typeId,
  name,
  groupId: 26,
  categoryId: 6,
});
const other = (typeId: number, name: string, categoryId: number, groupId = 0): FlagType => ({
  typeId,
  name,
  groupId,
  categoryId,
});

const ships = [
  ship(587, "Rifter"),
  ship(585, "Slasher"),
  ship(626, "Vexor"),
  ship(17_843, "Vexor Navy Issue"),
  ship(3983, "Guardian-Vexor"),
  ship(12_005, "Ishtar"),
  ship(621, "Caracal"),
  ship(17_634, "Caracal Navy Issue"),
  ship(33_468, "Astero"),
  ship(11_192, "Buzzard"),
  ship(586, "Probe"),
  ship(17_736, "Nightmare"),
  ship(12_034, "Hound"),
  ship(11_393, "Retribution"),
  ship(20_185, "Charon"),
  ship(29_984, "Tengu"),
  ship(29_988, "Proteus"),
  ship(23_911, "Thanatos"),
  ship(47_271, "Vedmak"),
  ship(1944, "Bestower"),
  ship(30_842, "InterBus Shuttle"),
  ship(21_097, "Goru's Shuttle"),
] as const;

const bases: Record<number, number> = { 17_843: 626, 12_005: 626, 3983: 626, 17_634: 621 };

export const types: readonly FlagType[] = [
  ...ships,
  other(44_992, "PLEX", 5, 1875),
  other(34, "Tritanium", 4),
  other(691, "Rifter Blueprint", 9),
  other(20_186, "Charon Blueprint", 9),
  other(16_241, "Vexor Navy Issue Blueprint", 9),
  other(70_001, "Rifter Krusual SKIN", 91, 1950),
  other(70_002, "Vexor Navy Issue IGC SKIN", 91, 1950),
  other(70_003, "Vexor Roden SKIN", 91, 1950),
  other(30_232, "Tengu Core - Obfuscation Manifold", 32),
  other(2048, "Damage Control II", 7, 60),
  other(2281, "Multispectrum Shield Hardener II", 7, 77),
  other(31_790, "Medium Core Defense Field Extender I", 7, 774),
  other(30_488, "Core Scanner Probe I", 8),
  other(2456, "Hobgoblin II", 18),
];

const hulls: NamedHull[] = [...ships, other(44_992, "PLEX", 5)].map(({ typeId, name }) => ({
  typeId,
  name,
  baseTypeId: bases[typeId] ?? null,
  isFaction: / (Navy|Fleet) Issue$/.test(name),
}));

export const names = createTitleNames(hulls);
export const hullNames = hulls.map(({ name }) => name);

const typeById = new Map(types.map((type) => [type.typeId, type]));
const typeByName = new Map(types.map((type) => [type.name, type]));

/** An offered item by its name. */
export function item(name: string, fields: Partial<FlagItem> = {}): FlagItem {
  const type = typeByName.get(name);
  if (!type) throw new Error(`Tell test/domain/flags/hulls.ts of ${name}`);
  return { typeId: type.typeId, quantity: 1, isIncluded: true, isBlueprintCopy: false, ...fields };
}

/** One that is asked for. */
export const asked = (name: string, fields: Partial<FlagItem> = {}): FlagItem =>
  item(name, { isIncluded: false, ...fields });

const facts = (title: string | null, items: readonly FlagItem[]): ItemFacts => ({
  title,
  items,
  typeOf: (typeId) => typeById.get(typeId),
  names,
});

export const flagsOf = (title: string | null, ...items: readonly FlagItem[]) =>
  itemFlags(facts(title, items));

export const codesOf = (title: string | null, ...items: readonly FlagItem[]) =>
  flagsOf(title, ...items).map(({ code }) => code);
