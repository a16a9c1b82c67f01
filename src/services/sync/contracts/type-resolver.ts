import type { UniverseRepository } from "../../../db/universe-repository.ts";
import { backoff } from "../../../domain/backoff.ts";
import type { ItemType } from "../../../domain/item.ts";
import type { EsiAnswer } from "../../../esi/client.ts";
import { maxConnections } from "../../../esi/governor.ts";
import { log } from "../../../lib/log.ts";
import { dayMs, type EpochMs } from "../../../lib/time.ts";
import type { SyncRun } from "../run.ts";

/**
 * ESI did not know the type, or did not answer. It is asked again after an hour, then after longer
 * and longer delays.
 */
const retryAt = (now: EpochMs, attempts: number): EpochMs =>
  now + backoff(3_600_000, dayMs, attempts - 1);

/** What ESI returned for the requested ids. An id is missing if it was not requested in time. */
type Told<Body> = { id: number; answer: EsiAnswer<Body> }[];

const bodiesOf = <Body>(told: Told<Body>): { id: number; body: Body }[] =>
  told.flatMap(({ id, answer }) => (answer.kind === "ok" ? [{ id, body: answer.body }] : []));

/** Types newer than CCP's export that we have are asked of ESI, once each. */
export function createTypeResolver({ universe }: { universe: UniverseRepository }) {
  async function ask<Body>(
    run: SyncRun,
    ids: readonly number[],
    ofOne: (id: number) => Promise<EsiAnswer<Body>>,
  ): Promise<Told<Body>> {
    return run.attemptEach([...new Set(ids)], maxConnections, async (id) => ({
      id,
      answer: await ofOne(id),
    }));
  }

  /** Of groups, those that are known now, with their categories. */
  async function learnGroups(run: SyncRun, groupIds: readonly number[]) {
    const missing = await universe.missingGroups(groupIds);
    const groups = bodiesOf(await ask(run, missing, run.esi.group));
    const categoryIds = groups.map(({ body }) => body.category_id);
    const unknown = await universe.missingCategories(categoryIds);
    const categories = bodiesOf(await ask(run, unknown, run.esi.category));
    const isMissing = new Set(unknown).difference(new Set(categories.map(({ id }) => id)));
    const whole = groups.filter(({ body }) => !isMissing.has(body.category_id));
    const isLost = new Set(missing).difference(new Set(whole.map(({ id }) => id)));
    return {
      isKnown: (groupId: number) => !isLost.has(groupId),
      queries: [
        universe.addCategories(
          categories.map(({ id, body: { name, published } }) => ({
            categoryId: id,
            name,
            isPublished: published,
          })),
        ),
        universe.addGroups(
          whole.map(({ id, body: { name, published, category_id: categoryId } }) => ({
            groupId: id,
            name,
            categoryId,
            isPublished: published,
          })),
        ),
      ],
    };
  }

  async function learn(run: SyncRun, typeIds: readonly number[]): Promise<void> {
    const unresolved = await universe.unresolvedTypes(typeIds, run.now());
    const due = typeIds.filter((typeId) => unresolved.get(typeId)?.isDue ?? true);
    const told = await ask(run, due, run.esi.type);
    const groups = await learnGroups(
      run,
      bodiesOf(told).map(({ body }) => body.group_id),
    );
    const types = bodiesOf(told).filter(({ body }) => groups.isKnown(body.group_id));
    const isLearnt = new Set(types.map(({ id }) => id));
    const failed = told.filter(({ id }) => !isLearnt.has(id));
    if (told.length === 0) return;
    await run.commit([
      ...groups.queries,
      universe.addTypes(
        types.map(({ id, body }) => ({
          typeId: id,
          name: body.name,
          groupId: body.group_id,
          isPublished: body.published,
          marketGroupId: body.market_group_id ?? null,
          volume: body.volume ?? null,
        })),
      ),
      universe.postponeTypes(
        failed.map(({ id }) => {
          const attempts = (unresolved.get(id)?.attempts ?? 0) + 1;
          return { id, attempts, resolveAt: retryAt(run.now(), attempts) };
        }),
      ),
    ]);
    if (types.length > 0) log("info", "types-learnt", { typeIds: [...isLearnt] });
  }

  /** Returns those of these types that we know or that ESI describes. */
  return async function resolveTypes(
    run: SyncRun,
    typeIds: readonly number[],
  ): Promise<Map<number, ItemType>> {
    const known = await universe.types(typeIds);
    const knownIds = new Set(known.map(({ typeId }) => typeId));
    const missing = typeIds.filter((typeId) => !knownIds.has(typeId));
    if (missing.length > 0) {
      await learn(run, missing);
      known.push(...(await universe.types(missing)));
    }
    return new Map(known.map((type) => [type.typeId, type]));
  };
}

export type TypeResolver = ReturnType<typeof createTypeResolver>;
