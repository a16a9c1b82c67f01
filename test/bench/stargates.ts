/** What the stargates cost: decoding them, and counting jumps from one system to all others. */
import { gzipSync } from "node:zlib";

import { createStargates, type StargateMap } from "../../src/domain/stargates.ts";
import map from "../../src/universe/data/stargates.json" with { type: "json" };

const origins = [30_000_142, 30_002_187, 30_002_510, 30_004_759];
const rounds = 200;

function medianMs(times: number, task: (round: number) => void): number {
  const taken = Array.from({ length: times }, (_, round) => {
    const startedAt = performance.now();
    task(round);
    return performance.now() - startedAt;
  });
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

const decode = (source: StargateMap) => {
  const stargates = createStargates(source);
  stargates.jumps(origins[0] ?? 0, origins[1] ?? 0, "shortest");
  return stargates;
};

export function benchStargates(): string {
  const startedAt = performance.now();
  const stargates = decode(map);
  const coldMs = performance.now() - startedAt;
  const originOf = (round: number) => origins[round % origins.length] ?? 0;
  const rows: [string, string][] = [
    ["kB of JSON", (JSON.stringify(map).length / 1000).toFixed(1)],
    ["kB compressed", (gzipSync(JSON.stringify(map)).length / 1000).toFixed(1)],
    ["decoding, the first time in a process, ms", coldMs.toFixed(2)],
    ["decoding again, ms", medianMs(20, () => decode(map)).toFixed(2)],
    [
      "jumps to all, shortest, ms",
      medianMs(rounds, (round) => stargates.reach(originOf(round), "shortest")).toFixed(3),
    ],
    [
      "jumps to all, highsec, ms",
      medianMs(rounds, (round) => stargates.reach(originOf(round), "highsec")).toFixed(3),
    ],
    ["highsec islands, ms", medianMs(20, () => decode(map).highsecIslands()).toFixed(2)],
  ];
  return [
    "| the stargates | |",
    "| --- | ---: |",
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ].join("\n");
}
