/** Holds answers against the document that the API serves of itself. */
import { Ajv2020 } from "ajv/dist/2020.js";

import type { OpenApiDocument } from "../../src/http/openapi.ts";

type Schema = { [keyword: string]: unknown };

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What describes an object's own properties, or is a reference to what may. */
const isClosable = (schema: Schema): boolean => "properties" in schema || "$ref" in schema;

/**
 * The schema with every object closed: what the document does not describe must not be answered.
 * Parts of an `allOf` are closed together.
 */
function closed(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((each) => closed(each));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([keyword, part]) => [
    keyword,
    keyword === "allOf" && Array.isArray(part)
      ? part.map((each) => closed(each, true))
      : closed(part),
  ]);
  const isWhole = !isPart && (isClosable(value) || "allOf" in value);
  return {
    ...Object.fromEntries(entries),
    ...(isWhole && !("additionalProperties" in value) ? { unevaluatedProperties: false } : {}),
  };
}

/** Components stay open, since they are parts of others; each reference to one is closed. */
function closedDocument({ components, ...document }: OpenApiDocument): Schema {
  const schemas = Object.entries(components?.schemas ?? {}).map(([name, schema]) => [
    name,
    closed(schema, true),
  ]);
  return {
    ...document,
    paths: closed(document.paths),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/** A part of a JSON Pointer in a URI. */
const escaped = (part: string) =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

/** Where the document has an operation. */
type Place = { path: string; method: "get" | "post" };

const mediaTypeOf = (response: Response): string =>
  response.headers.get("content-type")?.split(";", 1).join("") ?? "";

export function createAnswerChecker(document: OpenApiDocument) {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: {
      "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
      int64: true,
      uri: /^https?:\/\/\S+$/,
    },
  });
  ajv.addSchema(closedDocument(document), "document");

  /** What is wrong with an answer of an operation, by the document: nothing. */
  return async function faultsIn(response: Response, { path, method }: Place): Promise<string[]> {
    const { status } = response;
    const described = document.paths?.[path]?.[method]?.responses?.[status];
    if (!described || "$ref" in described) return [` has no status ${status}`];
    if (!described.content) return (await response.text()) === "" ? [] : [" has no body"];
    const mediaType = mediaTypeOf(response);
    if (!described.content[mediaType]) return [` has no ${mediaType}`];

    const pointer = [path, method, "responses", String(status), "content", mediaType, "schema"];
    const $ref = `document#/paths/${pointer.map(escaped).join("/")}`;
    const validate = ajv.compile({ $ref });
    const isJson = mediaType.endsWith("json") && !mediaType.endsWith("ndjson");
    if (validate(isJson ? await response.json() : await response.text())) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = "", params }) =>
        `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
