import { html } from "hono/html";

import type { OpenApiDocument } from "./openapi.ts";
import { type Html, page, prose } from "./page.ts";

type Operation = NonNullable<NonNullable<OpenApiDocument["paths"]>[string]["get"]>;
type Parameter = NonNullable<Operation["parameters"]>[number];
type Response = NonNullable<NonNullable<Operation["responses"]>["default"]>;
type Schema = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>[string];

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

/** A short description of a schema: "integer", "Contract", "string or null: copy, original". */
function typeOf(schema: Schema | undefined): string {
  if (!schema) return "";
  if ("$ref" in schema) return nameOf(schema.$ref);
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (alternatives) return alternatives.map(typeOf).filter(Boolean).join(" or ");
  const types = [schema.type ?? "any"].flat().join(" or ");
  const items = schema.items ? ` of ${typeOf(schema.items)}` : "";
  const words = schema.enum ? `: ${schema.enum.filter((word) => word !== null).join(", ")}` : "";
  return `${types}${items}${words}`;
}

const link = (type: string, schemas: readonly string[]): Html =>
  html`${type
    .split(/(\w+)/)
    .map((part) => (schemas.includes(part) ? html`<a href="#${part}">${part}</a>` : part))}`;

function parameterRow(parameter: Parameter): Html {
  if ("$ref" in parameter) return html``;
  return html`<tr>
    <td><code>${parameter.name}</code></td>
    <td>${typeOf(parameter.schema)}</td>
    <td>${prose(parameter.description ?? "")}</td>
  </tr>`;
}

function responseRow(status: string, response: Response, schemas: readonly string[]): Html {
  if ("$ref" in response) return html``;
  const types = Object.values(response.content ?? {}).map(({ schema }) => typeOf(schema));
  return html`<tr>
    <td>${status}</td>
    <td>${link(types.join(", "), schemas)}</td>
    <td>${prose(response.description)}</td>
  </tr>`;
}

function operationSection(
  path: string,
  method: string,
  operation: Operation,
  schemas: readonly string[],
): Html {
  const parameters = operation.parameters ?? [];
  return html`<h2 id="${operation.operationId ?? ""}">
      <span class="method">${method.toUpperCase()}</span> <code>${path}</code>
    </h2>
    <p>
      ${prose(operation.summary ?? "")}${operation.description ? html`. ${prose(operation.description)}` : ""}
    </p>
    ${
      parameters.length > 0
        ? html`<div class="scroll">
            <table>
              <tr>
                <th>Parameter</th>
                <th>Type</th>
                <th>Meaning</th>
              </tr>
              ${parameters.map(parameterRow)}
            </table>
          </div>`
        : ""
    }
    ${bodySection(operation, schemas)}
    <div class="scroll">
      <table>
        <tr>
          <th>Status</th>
          <th>Answer</th>
          <th></th>
        </tr>
        ${Object.entries(operation.responses ?? {}).map(([status, response]) =>
          responseRow(status, response, schemas),
        )}
      </table>
    </div>`;
}

type Property = { name: string; schema: Schema };

/**
 * The properties of an object. A nested object has no name of its own, so its properties are shown
 * here.
 */
function propertiesOf(schema: Schema, prefix = ""): Property[] {
  if ("$ref" in schema) return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => [
    { name: `${prefix}${name}`, schema: value },
    ...propertiesOf(value, `${prefix}${name}.`),
  ]);
  return [...own, ...(schema.allOf ?? []).flatMap((part) => propertiesOf(part, prefix))];
}

function propertyRow({ name, schema }: Property, schemas: readonly string[]): Html {
  return html`<tr>
    <td><code>${name}</code></td>
    <td>${link(typeOf(schema), schemas)}</td>
    <td>${prose(("description" in schema && schema.description) || "")}</td>
  </tr>`;
}

function propertyTable(schema: Schema, schemas: readonly string[]): Html {
  return html`<div class="scroll">
    <table>
      ${propertiesOf(schema).map((property) => propertyRow(property, schemas))}
    </table>
  </div>`;
}

/** The schemas that contribute all their properties to a schema. */
const basesOf = (schema: Schema): string =>
  "$ref" in schema
    ? ""
    : (schema.allOf ?? [])
        .filter((part) => "$ref" in part)
        .map(typeOf)
        .join(", ");

function schemaSection(name: string, schema: Schema, schemas: readonly string[]): Html {
  const bases = basesOf(schema);
  return html`<h3 id="${name}">${name}</h3>
    ${bases ? html`<p>All of ${link(bases, schemas)}, and:</p>` : ""}
    ${propertyTable(schema, schemas)}`;
}

function bodySection({ requestBody }: Operation, schemas: readonly string[]): Html {
  if (!requestBody || "$ref" in requestBody) return html``;
  const parts = Object.entries(requestBody.content).map(([mediaType, { schema }]) =>
    schema
      ? html`<p>
            Body, <code>${mediaType}</code>${requestBody.required ? "" : ", may be left out"}
          </p>
          ${propertyTable(schema, schemas)}`
      : "",
  );
  return html`${parts}`;
}

/**
 * Renders the API's document as a page. It is our own small renderer, because the libraries need a
 * megabyte of script or load files from their own hosts.
 */
export function reader(document: OpenApiDocument): Html {
  const schemas = Object.entries(document.components?.schemas ?? {});
  const names = schemas.map(([name]) => name);
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  return page(
    "API",
    html`<h1>${document.info.title} ${document.info.version}</h1>
      <p>${prose(document.info.description ?? "")}</p>
      <p><a href="/openapi.json">openapi.json</a>, <a href="/docs/flags">flags</a></p>
      <ul>
        ${operations.map(
          ({ path, method, operation }) =>
            html`<li>
              <a href="#${operation.operationId ?? ""}"
                ><code>${method.toUpperCase()} ${path}</code></a
              >
              ${prose(operation.summary ?? "")}
            </li>`,
        )}
      </ul>
      ${operations.map(({ path, method, operation }) =>
        operationSection(path, method, operation, names),
      )}
      <h2>Schemas</h2>
      ${schemas.map(([name, schema]) => schemaSection(name, schema, names))}`,
  );
}
