import { expect, it } from "vitest";

import { readUniverse } from "../read-universe.ts";
import { fitTexts } from "./fits.ts";

const { types, groups } = readUniverse();
const byName = new Map([...types.values()].map((type) => [type.name, type]));

const namesIn = (list: string): string[] =>
  list === "" ? [] : list.split(", ").map((entry) => entry.replace(/ x\d+$/, ""));

function categoryOf(name: string): number | undefined {
  const type = byName.get(name);
  return type?.isPublished ? groups.get(type.groupId)?.categoryId : undefined;
}

const groupOf = (name: string): string => groups.get(byName.get(name)?.groupId ?? -1)?.name ?? "";

it.each(fitTexts)("the $role $hull is made of what is published, each in its place", (fit) => {
  const [ship, fitted, cargo] = [
    [6],
    // Modules and subsystems.
    [7, 32],
    // Charges, drones, fighters; what is deployed; repair paste and fuel.
    [8, 18, 87, 22, 17, 4],
  ];
  const kinds = (list: string) => namesIn(list).map((name) => [name, categoryOf(name)] as const);

  for (const [name, category] of kinds(fit.hull)) expect(ship, name).toContain(category);
  for (const [name, category] of kinds(fit.modules)) expect(fitted, name).toContain(category);
  for (const [name, category] of kinds(fit.holds)) expect(cargo, name).toContain(category);
  for (const name of namesIn(fit.rigs)) expect(groupOf(name), name).toMatch(/^Rig /);
  for (const name of namesIn(fit.modules)) expect(groupOf(name), name).not.toMatch(/^Rig /);
});

it.each(fitTexts)("the $role $hull has rigs of one size, three at most", ({ rigs }) => {
  const counts = rigs === "" ? [] : rigs.split(", ").map((entry) => / x(\d+)$/.exec(entry)?.[1]);
  const sizes = new Set(namesIn(rigs).map((name) => name.split(" ")[0]));

  expect(counts.reduce((sum, count) => sum + Number(count ?? 1), 0)).toBeLessThanOrEqual(3);
  expect(sizes.size).toBeLessThanOrEqual(1);
});
