import type { UniverseRepository } from "../../db/universe-repository.ts";
import type { ItemType } from "../../domain/item.ts";
import { log } from "../../lib/log.ts";
import type { EpochMs } from "../../lib/time.ts";
import type { SyncRun } from "./run.ts";

/** ESI did not know the type, or did not answer: it is asked again after an hour, then ever later. */
const retryAt = (now: EpochMs, attempts: number): EpochMs =>
  now + Math.min(3_600_000 * 2 ** (attempts - 1), 86_400_000);

/** Types newer than CCP's export that we have are asked of ESI, once each. */
export function createTypeResolver({ universe }: { universe: UniverseRepository }) {
  async function learnCategory(run: SyncRun, categoryId: number): Promise<boolean> {
    if (await universe.hasCategory(categoryId)) return true;
    const answer = await run.esi.category(categoryId);
    if (answer.kind !== "ok") return false;
    const { name, published: isPublished } = answer.body;
    await run.commit([universe.addCategory({ categoryId, name, isPublished })]);
    return true;
  }

  async function learnGroup(run: SyncRun, groupId: number): Promise<boolean> {
    if (await universe.hasGroup(groupId)) return true;
    const answer = await run.esi.group(groupId);
    if (answer.kind !== "ok") return false;
    const { name, published: isPublished, category_id: categoryId } = answer.body;
    if (!(await learnCategory(run, categoryId))) return false;
    await run.commit([universe.addGroup({ groupId, name, categoryId, isPublished })]);
    return true;
  }

  /** Whether the type is known now, with its group and category. */
  async function learnType(run: SyncRun, typeId: number): Promise<boolean> {
    const answer = await run.esi.type(typeId);
    if (answer.kind !== "ok") return false;
    const { name, published: isPublished, group_id: groupId, ...rest } = answer.body;
    if (!(await learnGroup(run, groupId))) return false;
    const { market_group_id: marketGroupId = null, volume = null } = rest;
    const type = { typeId, name, groupId, isPublished, marketGroupId, volume };
    await run.commit([universe.addType(type)]);
    log("info", "type-learnt", { typeId, name });
    return true;
  }

  async function learn(run: SyncRun, typeIds: readonly number[]): Promise<void> {
    const waiting = await universe.typesOnHold(typeIds, run.now());
    const due = typeIds.filter((typeId) => waiting.get(typeId)?.isDue ?? true);
    const results = await run.attemptEach(due, 1, async (typeId) => ({
      typeId,
      isKnown: await learnType(run, typeId),
    }));
    const failed = results.filter(({ isKnown }) => !isKnown);
    if (failed.length === 0) return;
    const postponed = failed.map(({ typeId }) => {
      const attempts = (waiting.get(typeId)?.attempts ?? 0) + 1;
      return { id: typeId, attempts, resolveAt: retryAt(run.now(), attempts) };
    });
    await run.commit([universe.postponeTypes(postponed)]);
  }

  /** Of these types, all that we know or ESI tells of. */
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
