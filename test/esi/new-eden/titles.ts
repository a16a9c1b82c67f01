/** What players write above their contracts: any script, any sign, up to 50 characters. */
import type { Random } from "../random.ts";
import type { Theme } from "./contents.ts";

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

const byTheme: Partial<Record<Theme, readonly string[]>> = {
  copies: ["max run 5set", "10/20 BPC", "misc bpc", "5% ME 10% TE 1 run", "3 Runs, 3/2"],
  originals: ["10/20 perfect BPO", "BPO - ME 10 - TE 20 - Great Buy!", "ME9 BPO under NPC price"],
  ship: ["PVP fit, ready to undock", "fully fitted", "hull + rigs", "ratting fit T2"],
  abyssal: ["32.3% neut res", "GIST-X  864hp / 148 cap", "good roll, 17.18 HP/sec @ 4.28 PG"],
};

const common = ["", "cheap", "!!!", "inject", "moving sale", "Jita 4-4", "15", "see info"];

export function titleOf(theme: Theme | "courier", random: Random): string {
  if (!random.chance(0.31)) return "";
  if (random.chance(0.25)) return random.pick(hostile);
  const own = theme === "courier" ? undefined : byTheme[theme];
  return random.pick(own !== undefined && random.chance(0.7) ? own : common);
}
