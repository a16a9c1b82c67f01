import type { RouteRepository, RouteSystem } from "../db/route-repository.ts";
import type { DataVersion } from "../domain/data-version.ts";
import type { RouteKind, Stargates } from "../domain/stargates.ts";
import { AppError } from "../errors.ts";

export type FoundRoute = {
  version: DataVersion;
  jumps: number;
  /** Those of the way that the database knows by name: all, unless its universe is an older one. */
  systems: RouteSystem[];
};

type Deps = { systems: RouteRepository; stargates: Stargates };

/** Ways between systems: counted in the Worker, named by the database. */
export function createRoutes({ systems, stargates }: Deps) {
  /** Of the universe that names the systems, and of the stargates that join them. */
  const versionWith = ({ version, changedAt }: DataVersion): DataVersion => ({
    version: `${version}.${stargates.version}`,
    changedAt,
  });

  return {
    version: async (): Promise<DataVersion> => versionWith(await systems.version()),

    /** @throws {AppError} `system-not-found`, `route-not-found` */
    async find(originId: number, destinationId: number, kind: RouteKind): Promise<FoundRoute> {
      const route = stargates.route(originId, destinationId, kind);
      const { version, found } = await systems.named(route ?? [originId, destinationId]);
      const systemOf = new Map(found.map((system) => [system.systemId, system]));
      for (const end of [originId, destinationId]) {
        if (!systemOf.has(end))
          throw new AppError("system-not-found", `System ${end} is not known.`);
      }
      if (!route) {
        const nature = kind === "highsec" ? "highsec way" : "way by stargates";
        throw new AppError(
          "route-not-found",
          `No ${nature} leads from ${systemOf.get(originId)?.name} to ${systemOf.get(destinationId)?.name}.`,
        );
      }
      return {
        version: versionWith(version),
        jumps: route.length - 1,
        systems: route.flatMap((systemId) => systemOf.get(systemId) ?? []),
      };
    },
  };
}

export type Routes = ReturnType<typeof createRoutes>;
