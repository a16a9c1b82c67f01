/**
 * Query parameters as `api.md` defines them: one value given once, or a comma list that may be
 * repeated. Hono passes a repeated parameter as an array.
 */
import { z } from "@hono/zod-openapi";
import { closest, distance } from "fastest-levenshtein";

import { folded } from "../domain/folded-text.ts";
import { isName, noId } from "../domain/named-kind.ts";

const maxValues = 100;

const single = z.string({ error: "Give it once" });

/** Splits comma lists into values. A comma list and a repeated parameter mean the same. */
const listed = z.union([z.string(), z.array(z.string())]).transform((given) =>
  [given]
    .flat()
    .flatMap((part) => part.split(","))
    .map((part) => part.trim()),
);

type Docs = { description: string; example?: string | number | boolean };

type ItemSchema = {
  type: "integer" | "string";
  format?: string;
  minimum?: number;
  enum?: string[];
};

const listOf = <Item extends z.ZodType<unknown, string>>(
  item: Item,
  items: ItemSchema,
  { description, example }: Docs,
) =>
  listed
    .pipe(z.array(item).max(maxValues, `At most ${maxValues} values`))
    .transform((values) => [...new Set(values)])
    .optional()
    .openapi({
      type: "array",
      items,
      maxItems: maxValues,
      param: {
        description,
        style: "form" as const,
        explode: false,
        ...(example === undefined ? {} : { example: [example] }),
      },
    });

const digits = (min: number, max: number, error: string) =>
  z
    .string()
    .regex(/^\d{1,16}$/, error)
    .transform(Number)
    .pipe(z.int(error).min(min, error).max(max, error));

const id = digits(1, Number.MAX_SAFE_INTEGER, noId);

/** Ids, as a comma list. */
export const ids = (docs: Docs) =>
  listOf(id, { type: "integer", format: "int64", minimum: 1 }, docs);

const maxNameLength = 2_000;

const nameSchema = z
  .string()
  .max(maxNameLength, `At most ${maxNameLength} characters`)
  .refine((text) => !/\p{Cc}/u.test(text), "No control characters");

/**
 * Ids or names, as a comma list. Numbers are ids. Values that contain a name stay text and are
 * looked up later.
 */
export const idsOrNames = ({ description, example }: Docs) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) =>
      [given]
        .flat()
        .flatMap((text) => (isName(text) ? [text] : text.split(",")))
        .map((text) => text.trim()),
    )
    .refine(
      (texts) => texts.join(",").split(",").length <= maxValues,
      `At most ${maxValues} values`,
    )
    .pipe(z.array(z.string().transform((text, context) => idOrName(text, context))))
    .transform((values) => [...new Set(values)])
    .optional()
    .openapi({
      type: "array",
      items: { anyOf: [{ type: "integer", format: "int64", minimum: 1 }, { type: "string" }] },
      maxItems: maxValues,
      param: {
        description: `${description} Ids or names; letter case is ignored.`,
        style: "form" as const,
        explode: false,
        ...(example === undefined ? {} : { example: [example] }),
      },
    });

function idOrName(text: string, context: z.RefinementCtx<string>): number | string {
  const result = isName(text) ? nameSchema.safeParse(text) : id.safeParse(text);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  context.addIssue({ code: "custom", message: issue?.message });
  return z.NEVER;
}

/** One id or name. */
export const idOrNameOf = ({ description, example }: Docs) =>
  single
    .transform((text, context) => idOrName(text.trim(), context))
    .optional()
    .openapi({
      anyOf: [{ type: "integer", format: "int64", minimum: 1 }, { type: "string" }],
      param: { description: `${description} An id or a name; letter case is ignored.`, example },
    });

/** Some of a fixed set of words, as a comma list. */
export const oneOrMoreOf = <const Words extends readonly string[]>(words: Words, docs: Docs) =>
  listOf(z.enum(words, `One of ${words.join(", ")}`), { type: "string", enum: [...words] }, docs);

/** Field names, as a comma list. The answer has the fields in this order. */
export const fieldsOf = <Name extends string>(names: readonly Name[], docs: Docs) =>
  listOf(
    z.enum([...names], { error: ({ input }) => suggestion("field", String(input), names) }),
    { type: "string", enum: [...names] },
    docs,
  );

/** One of a fixed set of words. */
export const oneOf = <const Words extends readonly string[]>(
  words: Words,
  { description, example }: Docs,
) =>
  single
    .pipe(z.enum(words, `One of ${words.join(", ")}`))
    .optional()
    .openapi({ type: "string", enum: [...words], param: { description, example } });

export const flag = ({ description, example }: Docs) =>
  single
    .pipe(z.enum(["true", "false"], "true or false"))
    .transform((word) => word === "true")
    .optional()
    .openapi({ type: "boolean", param: { description, example } });

/** A plain decimal number that is not negative, such as ISK or m³. */
export const amount = ({ description, example }: Docs) =>
  single
    .regex(/^\d{1,18}(\.\d{1,6})?$/, "A plain decimal number, not negative")
    .transform(Number)
    .optional()
    .openapi({ type: "number", minimum: 0, param: { description, example } });

export const wholeNumber = (min: number, max: number, { description, example }: Docs) =>
  single
    .pipe(digits(min, max, `A whole number from ${min} to ${max}`))
    .optional()
    .openapi({ type: "integer", minimum: min, maximum: max, param: { description, example } });

/** An RFC 3339 time with a zone, precise to the millisecond. It becomes epoch milliseconds. */
export const instant = ({ description, example }: Docs) =>
  single
    .pipe(
      z.iso.datetime({
        offset: true,
        error: "An RFC 3339 instant with a zone (a + in a query is written %2B)",
      }),
    )
    .transform((text) => Date.parse(text))
    .optional()
    .openapi({ type: "string", format: "date-time", param: { description, example } });

/** Search text, without surrounding white space. */
const textOf = (min: number, max: number, { description, example }: Docs) =>
  single
    .transform((text) => text.trim())
    .pipe(
      z
        .string()
        .refine((text) => !/\p{Cc}/u.test(text), "No control characters")
        .refine((text) => {
          const { length } = Array.from(text);
          return length >= min && length <= max;
        }, `${min} to ${max} characters`),
    )
    .optional()
    .openapi({
      type: "string",
      minLength: min,
      maxLength: max,
      param: { description, example },
    });

/** Search text for contracts. It must be long enough for a trigram index. */
export const searchText = (docs: Docs) =>
  textOf(minTrigram, 100, docs).refine(
    (text = "") =>
      Array.from(text).length < minTrigram || Array.from(folded(text)).length >= minTrigram,
    "At least 3 visible characters, not counting accents",
  );

const minTrigram = 3;

/** A part of a name. */
export const nameText = (docs: Docs) => textOf(1, 100, docs);

export const cursor = () =>
  z
    .string({ error: "Give it once" })
    .min(1, "Malformed")
    .max(1_000, "Malformed")
    .optional()
    .openapi({ param: { description: "`next_cursor` from the previous page of the same query." } });

/** An id in the path. */
export const idInPath = (name: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/, noId)
    .transform(Number)
    .pipe(z.int(noId))
    .openapi({ type: "integer", format: "int64", param: { name, in: "path" } });

/** An id or a name in the path. */
export const idOrNameInPath = (parameter: string, example: string) =>
  z
    .string()
    .transform((text, context) => idOrName(text.trim(), context))
    .openapi({
      anyOf: [{ type: "integer", format: "int64", minimum: 1 }, { type: "string" }],
      param: { name: parameter, in: "path", example },
    });

/** Up to a third of a name may be a typing error. With more, it is another word. */
const maxDistance = (name: string): number => Math.ceil(name.length / 3);

function suggestion(what: string, name: string, known: readonly string[]): string {
  const nearest = known.length > 0 ? closest(name, known) : undefined;
  const isNear = nearest !== undefined && distance(name, nearest) <= maxDistance(name);
  return isNear ? `Unknown ${what}; did you mean ${nearest}?` : `Unknown ${what}`;
}

/**
 * The parameters of a route. Any other parameter is refused, and the nearest known name is
 * suggested. A typo must never act as "no filter".
 */
export function onlyParameters<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.looseObject(shape).superRefine(
    (values, context) => {
      for (const name of Object.keys(values).filter((each) => !known.includes(each))) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: suggestion("parameter", name, known),
        });
      }
    },
    // Checked even if known parameters are invalid, so that all faults are reported at once.
    { when: () => true },
  );
}
