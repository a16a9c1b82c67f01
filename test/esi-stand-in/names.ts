/** Names for characters and corporations, made from their ids. */
import { createRandom } from "./random.ts";
import type { NameRow } from "./wire.ts";

const first =
  "Aura Caska Daren Eyra Fenn Ihana Jorund Kael Lira Mako Nyx Oran Rhea Sova Tarek Vesh Zoya Иван Мария 太郎 李明 O'Neil";
const last =
  "Auduin Brok Dakari Erkkinen Ghastly Heuren Ishukone Karr Lok'ri Mordu Nakamura Otela Raxan Sarum Tash von_Ember Yulai X";
const kind =
  "Industries Holdings Syndicate Logistics Brotherhood Mining_Corp Foundation 100%_Pirates";

const [firsts, lasts, kinds] = [first, last, kind].map((words) =>
  words.split(" ").map((word) => word.replace("_", " ")),
);

/** Corporations: 98,000,000 and up are players', 1,000,000 and up CCP's [DOC id-ranges]. */
export function isCorporation(id: number): boolean {
  return (id >= 98_000_000 && id < 99_000_000) || (id >= 1_000_000 && id < 2_000_000);
}

/** The same id has the same name in every world. */
export function nameFor(id: number): NameRow {
  const random = createRandom(id, 7);
  const [given, family] = [random.pick(firsts ?? []), random.pick(lasts ?? [])];
  const suffix = random.chance(0.4) ? ` ${(id % 997).toString()}` : "";
  if (!isCorporation(id)) return { category: "character", id, name: `${given} ${family}${suffix}` };
  return { category: "corporation", id, name: `${family} ${random.pick(kinds ?? [])}${suffix}` };
}
