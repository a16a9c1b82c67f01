import type { GroupRepository } from "../db/taxonomy/group-repository.ts";
import type { NamedPage } from "../db/taxonomy/named-page.ts";
import type { SystemRepository } from "../db/taxonomy/system-repository.ts";
import type { TypeRepository } from "../db/taxonomy/type-repository.ts";
import type { VersionRepository } from "../db/version-repository.ts";
import type { DataVersion } from "../domain/data-version.ts";
import type {
  CategorySummary,
  GroupQuery,
  GroupSummary,
  NamedQuery,
  SystemSummary,
  TypeQuery,
  TypeSummary,
} from "../domain/taxonomy.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { EpochMs } from "../lib/time.ts";

type Deps = {
  types: TypeRepository;
  groups: GroupRepository;
  systems: SystemRepository;
  versions: VersionRepository;
  now: () => EpochMs;
};

export type { NamedPage };

type One<Summary> = { version: DataVersion; found: Summary };

/** What there is in New Eden, and how much of it is on offer: the choices behind a search. */
export function createTaxonomy({ types, groups, systems, versions, now }: Deps) {
  function one<Summary>(
    { version, rows }: NamedPage<Summary>,
    code: ErrorCode,
    what: string,
  ): One<Summary> {
    const [found] = rows;
    if (!found) throw new AppError(code, `${what} is not known.`);
    return { version, found };
  }

  return {
    /** The version of all that follows. */
    version: (): Promise<DataVersion> => versions.of({}, now()),

    types: (query: TypeQuery): Promise<NamedPage<TypeSummary>> => types.find(query, now()),
    groups: (query: GroupQuery): Promise<NamedPage<GroupSummary>> => groups.groups(query, now()),
    categories: (query: NamedQuery): Promise<NamedPage<CategorySummary>> =>
      groups.categories(query, now()),
    systems: (query: NamedQuery): Promise<NamedPage<SystemSummary>> => systems.find(query, now()),

    /** @throws {AppError} `type-not-found` */
    async type(typeId: number): Promise<One<TypeSummary>> {
      return one(await types.byId(typeId, now()), "type-not-found", `Type ${typeId}`);
    },

    /** @throws {AppError} `system-not-found` */
    async system(systemId: number): Promise<One<SystemSummary>> {
      return one(await systems.byId(systemId, now()), "system-not-found", `System ${systemId}`);
    },
  };
}

export type Taxonomy = ReturnType<typeof createTaxonomy>;
