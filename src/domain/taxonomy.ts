import type { SecurityClass } from "./security.ts";

/** Where a page of named things ended. Names that begin with the search text come first. */
export type NamedPosition = { rank: number; name: string; id: number };

export type NamedQuery = { text?: string; limit: number; after: NamedPosition | null };

export type TypeQuery = NamedQuery & {
  categoryIds?: readonly number[];
  groupIds?: readonly number[];
  /** Only types that an outstanding contract offers. */
  isOnOffer: boolean;
};

export type GroupQuery = NamedQuery & { categoryIds?: readonly number[] };

type Counted = {
  /** The number of outstanding contracts for it. */
  outstanding: number;
};

export type CategorySummary = Counted & { categoryId: number; name: string; isPublished: boolean };

export type GroupSummary = Counted & {
  groupId: number;
  name: string;
  isPublished: boolean;
  categoryId: number;
  categoryName: string;
};

export type TypeSummary = Counted & {
  typeId: number;
  name: string;
  /** Its earlier name, as far as we know. */
  formerNames: string[];
  isPublished: boolean;
  groupId: number;
  groupName: string;
  categoryId: number;
  categoryName: string;
  marketGroupId: number | null;
  marketGroupName: string | null;
  metaGroupId: number | null;
  metaGroupName: string | null;
  /** Volume when assembled, in m³. */
  volume: number | null;
};

export type SystemSummary = Counted & {
  systemId: number;
  name: string;
  /** As the game shows it. */
  security: number;
  securityClass: SecurityClass;
  constellationId: number;
  constellationName: string;
  regionId: number;
  regionName: string;
};
