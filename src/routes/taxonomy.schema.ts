import { z } from "@hono/zod-openapi";

import { securityClasses } from "../domain/security.ts";
import type {
  CategorySummary,
  GroupSummary,
  SystemSummary,
  TypeSummary,
} from "../domain/taxonomy.ts";

const id = () => z.int().openapi({ format: "int64" });
const outstanding = (what: string) =>
  z
    .int()
    .nonnegative()
    .openapi({ description: `Outstanding contracts that ${what}.` });

export const categorySchema = z
  .object({
    category_id: id().openapi({ example: 6 }),
    name: z.string().openapi({ example: "Ship" }),
    published: z.boolean(),
    outstanding: outstanding("offer an item of this category"),
  })
  .openapi("Category");

export const toCategory = (category: CategorySummary): z.infer<typeof categorySchema> => ({
  category_id: category.categoryId,
  name: category.name,
  published: category.isPublished,
  outstanding: category.outstanding,
});

export const groupSchema = z
  .object({
    group_id: id().openapi({ example: 25 }),
    name: z.string().openapi({ example: "Frigate" }),
    category_id: id(),
    category_name: z.string(),
    published: z.boolean(),
    outstanding: outstanding("offer an item of this group"),
  })
  .openapi("Group");

export const toGroup = (group: GroupSummary): z.infer<typeof groupSchema> => ({
  group_id: group.groupId,
  name: group.name,
  category_id: group.categoryId,
  category_name: group.categoryName,
  published: group.isPublished,
  outstanding: group.outstanding,
});

export const typeSchema = z
  .object({
    type_id: id().openapi({ example: 587 }),
    name: z.string().openapi({ example: "Rifter" }),
    group_id: id(),
    group_name: z.string(),
    category_id: id(),
    category_name: z.string(),
    market_group_id: id()
      .nullable()
      .openapi({ description: "Null for a type that no market offers." }),
    market_group_name: z.string().nullable(),
    meta_group_id: id().nullable(),
    meta_group_name: z.string().nullable(),
    volume: z.number().nullable().openapi({ description: "Volume when assembled, in m³." }),
    former_names: z
      .array(z.string())
      .openapi({ description: "Names that the type had before, as far as Hangar Bay knows." }),
    published: z.boolean(),
    outstanding: outstanding("offer this type"),
  })
  .openapi("Type");

export const toType = (type: TypeSummary): z.infer<typeof typeSchema> => ({
  type_id: type.typeId,
  name: type.name,
  group_id: type.groupId,
  group_name: type.groupName,
  category_id: type.categoryId,
  category_name: type.categoryName,
  market_group_id: type.marketGroupId,
  market_group_name: type.marketGroupName,
  meta_group_id: type.metaGroupId,
  meta_group_name: type.metaGroupName,
  volume: type.volume,
  former_names: type.formerNames,
  published: type.isPublished,
  outstanding: type.outstanding,
});

export const systemSchema = z
  .object({
    system_id: id().openapi({ example: 30000142 }),
    name: z.string().openapi({ example: "Jita" }),
    security: z.number().openapi({ description: "As the game shows it.", example: 0.9 }),
    security_class: z.enum(securityClasses),
    constellation_id: id(),
    constellation_name: z.string(),
    region_id: id(),
    region_name: z.string(),
    outstanding: outstanding("start in this system"),
  })
  .openapi("System");

export const toSystem = (system: SystemSummary): z.infer<typeof systemSchema> => ({
  system_id: system.systemId,
  name: system.name,
  security: system.security,
  security_class: system.securityClass,
  constellation_id: system.constellationId,
  constellation_name: system.constellationName,
  region_id: system.regionId,
  region_name: system.regionName,
  outstanding: system.outstanding,
});

/** A list of named things. */
export const namedListOf = <Item extends z.ZodType>(item: Item, name: string) =>
  z
    .object({
      data: z.array(item),
      meta: z.object({
        next_cursor: z.string().nullable().openapi({ description: "Null on the last page." }),
      }),
    })
    .openapi(name);
