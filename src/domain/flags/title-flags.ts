import { blueprintCategoryId, shipCategoryId } from "../item.ts";
import {
  type Evidence,
  type FlagType,
  type ItemFlag,
  type KnownItem,
  typesIn,
} from "./item-flag.ts";
import { claimOf, type TitleClaim } from "./title-claim.ts";
import { holdsName, type NamedHull, type TitleNames } from "./title-names.ts";

export const skinCategoryId = 91;

/** The claim of a title, together with what is offered. */
type Judged = {
  claim: TitleClaim;
  offered: readonly KnownItem[];
  ships: readonly KnownItem[];
  names: TitleNames;
  /** The named hulls that are neither offered nor requested. */
  absent: readonly NamedHull[];
};

const evidenceOf = (
  named: readonly NamedHull[],
  offered: readonly FlagType[],
  rows: number,
): Evidence => ({
  named: named.map(({ name }) => name),
  named_type_ids: named.map(({ typeId }) => typeId),
  offered: offered.map(({ name }) => name),
  offered_type_ids: offered.map(({ typeId }) => typeId),
  offered_rows: rows,
});

/**
 * The title names something that is not in the contract. If an offered type's own name contains the
 * ship's name, the title may mean that type ("Loki Core - Immobility Drivers", "Core Scanner Probe
 * I", "Vexor Navy Issue").
 */
function namesOtherItem({ claim, absent, offered, ships }: Judged): ItemFlag[] {
  if (claim.needsShip && ships.length === 0) return [];
  const others = absent.filter(
    ({ name }) => !offered.some(({ type }) => holdsName(type.name, name)),
  );
  const isAnyThere = others.length < claim.hulls.length;
  if (others.length === 0 || (isAnyThere && !claim.isTogether)) return [];
  const evidence = evidenceOf(others, typesIn(offered), offered.length);
  return [{ code: "title_names_other_item", evidence }];
}

/**
 * Whether a type is a SKIN of this hull, and not of another hull with a similar beginning of its
 * name.
 */
function isSkinOf(hull: NamedHull, names: TitleNames, { name, categoryId }: FlagType): boolean {
  const [first] = categoryId === skinCategoryId ? names.namedIn(name) : [];
  return first?.start === 0 && first.hull.typeId === hull.typeId;
}

const isBlueprintOf = (hull: NamedHull, { name, categoryId }: FlagType): boolean =>
  categoryId === blueprintCategoryId &&
  name.toLowerCase() === `${hull.name.toLowerCase()} blueprint`;

/**
 * The absent named hulls that an offered type matches by `isOf`. Empty if any offered type matches
 * no hull.
 */
function onlyOf(
  { absent, offered }: Judged,
  isOf: (hull: NamedHull, type: FlagType) => boolean,
): NamedHull[] {
  const isAny = (type: FlagType) => absent.some((hull) => isOf(hull, type));
  if (!offered.every(({ type }) => isAny(type))) return [];
  return absent.filter((hull) => offered.some(({ type }) => isOf(hull, type)));
}

function onlySkin(judged: Judged): ItemFlag[] {
  const named = onlyOf(judged, (hull, type) => isSkinOf(hull, judged.names, type));
  if (named.length === 0) return [];
  const { offered } = judged;
  return [{ code: "skin_not_ship", evidence: evidenceOf(named, typesIn(offered), offered.length) }];
}

function onlyBlueprint(judged: Judged): ItemFlag[] {
  if (judged.claim.hasNumber) return [];
  const named = onlyOf(judged, isBlueprintOf);
  if (named.length === 0) return [];
  const { offered } = judged;
  const evidence = evidenceOf(named, typesIn(offered), offered.length);
  return [{ code: "blueprint_not_ship", evidence }];
}

function lookalikeHull({ claim, absent, ships, names }: Judged): ItemFlag[] {
  const isNamed = (typeId: number) => claim.hulls.some((hull) => hull.typeId === typeId);
  if (absent.length < claim.hulls.length && !claim.isTogether) return [];
  for (const hull of absent) {
    const base = hull.baseTypeId;
    if (base === null || !hull.isFaction) continue;
    const alike = ships.filter(
      ({ typeId }) =>
        !isNamed(typeId) && (typeId === base || names.byId(typeId)?.baseTypeId === base),
    );
    if (alike.length === 0) continue;
    const evidence = evidenceOf([hull], typesIn(alike), alike.length);
    return [{ code: "lookalike_hull", evidence: { ...evidence, base_type_id: base } }];
  }
  return [];
}

type Facts = { title: string | null; items: readonly KnownItem[]; names: TitleNames };

/**
 * Compares what a title names with what is offered. A title that asks ("WTB") does not name an
 * offer.
 */
export function titleFlags({ title, items, names }: Facts): ItemFlag[] {
  const offered = items.filter(({ isIncluded }) => isIncluded);
  const claim = title === null || offered.length === 0 ? null : claimOf(title, names);
  if (!claim) return [];
  const there = new Set(items.map(({ typeId }) => typeId));
  const absent = claim.hulls.filter(({ typeId }) => !there.has(typeId));
  if (absent.length === 0) return [];
  const ships = offered.filter(({ type }) => type.categoryId === shipCategoryId);
  const judged = { claim, offered, ships, names, absent };
  return [
    ...namesOtherItem(judged),
    ...onlySkin(judged),
    ...onlyBlueprint(judged),
    ...lookalikeHull(judged),
  ];
}
