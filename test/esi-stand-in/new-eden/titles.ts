/** What players write above their contracts: any script, any sign, up to 50 characters. */
import type { Random } from "../random.ts";
import { type TitleFacts, ofLies, writersOf } from "./title-writers.ts";

const hostile = [
  "50% off!! 100_% legit * no scam *",
  "Rifter \"AB\" 'fit' AND friends OR else",
  "<script>alert(1)</script>",
  "<b>SALE</b> &amp; more",
  "https://evepraisal.com/a/12tyfb",
  "http://example.invalid/?a=1&b=%20",
  "Продам чертежи недорого, без торга",
  "ХАЛЯВА!!! срочно",
  "出售蓝图 10/20 全新",
  "科研完成 完美蓝图",
  "ブループリント コピー まとめ売り",
  "格安 タレット 10個セット",
  "🚀🔥 CHEAP 🔥🚀",
  "👨‍👩‍👧 family pack",
  "◆ 10/20 BpO' ",
  "مخطط للبيع",
  "שלום 10/20 למכירה",
  "‮detrever",
  "; DROP TABLE contracts; --",
  'NEAR NOT * "',
  "  leading and trailing  ",
  "ſtraße ﬁt İstanbul",
  "z̸a̸l̸g̸o̸ sale",
  "\\ back \\ slash \\n",
  "a",
];

const common = [
  "cheap",
  "!!!",
  "moving sale",
  "Jita 4-4",
  "15",
  "see info",
  "must go",
  "o7",
  "SALE",
];

const mostCharacters = 50;

/** Most have none. What does not fit into a title is left out. */
export function titleOf(facts: TitleFacts, random: Random): string {
  const { names } = facts.contents;
  if (names !== undefined) return random.pick(ofLies(names))(facts, random);
  if (!random.chance(facts.theme === "ship" ? 0.6 : 0.29)) return "";
  const habit = random.next();
  if (habit < 0.09) return random.pick(hostile);
  if (habit < 0.2) return random.pick(common);
  const title = random.pick(writersOf(facts))(facts, random);
  return title.length <= mostCharacters ? title : "";
}

export type Way = { from: string | undefined; to: string | undefined };

const aboutCouriers = ["JF service", "rush", "no scam", "Fragile!", "jump freight", "haul pls"];

export function courierTitle({ from, to }: Way, random: Random): string {
  if (!random.chance(0.3)) return "";
  if (random.chance(0.06)) return random.pick(hostile);
  if (from === undefined || to === undefined || random.chance(0.3))
    return random.pick(aboutCouriers);
  return `${from}${random.pick([" -> ", " > ", " to ", " – ", "→"])}${to}`;
}
