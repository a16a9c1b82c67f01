import { describe, expect, it } from "vitest";

import flagged from "../docs/flags.md?raw";
import explained from "../docs/problems.md?raw";
import { createApp } from "../src/app.ts";
import { aboutFlags, flagCodes, flagDefinitions } from "../src/domain/flags/flag.ts";
import type { OpenApiDocument } from "../src/http/openapi.ts";
import { problems } from "../src/http/problem.ts";
import { reader } from "../src/http/reader.ts";
import { type Api, anApi } from "./support/api.ts";

type Element = { tag: string; attributes: Record<string, string> };

/** The elements of a page, as a browser's parser finds them, and its text outside of tags. */
async function parsed(response: Response) {
  const elements: Element[] = [];
  let text = "";
  let styles = "";
  const page = new HTMLRewriter()
    .on("*", {
      element({ tagName: tag, attributes }) {
        elements.push({ tag, attributes: Object.fromEntries(attributes) });
      },
    })
    .on("body", {
      text(chunk) {
        text += chunk.text;
      },
    })
    .on("style", {
      text(chunk) {
        styles += chunk.text;
      },
    })
    .transform(response);
  const source = await page.text();
  return { elements, text, styles, source };
}

const pageAt = async (api: Api, path: string) => parsed(await api.get(path));

const idsIn = (elements: readonly Element[]): string[] =>
  elements.flatMap(({ attributes }) => attributes["id"] ?? []);

/** Attributes by which a page loads something, or leads somewhere. */
const addressed = ["href", "src", "srcset", "action", "formaction", "data", "poster", "ping"];

const addressesIn = (elements: readonly Element[]): string[] =>
  elements.flatMap(({ attributes }) => addressed.flatMap((name) => attributes[name] ?? []));

const pages = ["/docs", "/docs/flags", ...Object.keys(problems).map((code) => `/problems/${code}`)];

describe("every page", () => {
  it("runs no script and loads nothing", async () => {
    const api = await anApi();

    const found = await Promise.all(
      pages.map(async (path) => {
        const { elements, styles } = await pageAt(api, path);
        const tags = new Set(elements.map(({ tag }) => tag));
        const loading = ["script", "link", "img", "iframe", "object", "embed", "base", "form"];
        const handlers = elements.flatMap(({ attributes }) =>
          Object.keys(attributes).filter((name) => name.startsWith("on")),
        );
        return [loading.filter((tag) => tags.has(tag)), handlers, /@import|url\(/.test(styles)];
      }),
    );

    expect(found).toEqual(pages.map(() => [[], [], false]));
  });

  it("links to no other host, and only to pages that exist", async () => {
    const api = await anApi();

    const addresses = await Promise.all(
      pages.map(async (path) => addressesIn((await pageAt(api, path)).elements)),
    );

    const paths = [...new Set(addresses.flat().filter((address) => !address.startsWith("#")))];
    const statuses = await Promise.all(
      paths.map(async (path) => [path, (await api.get(path)).status]),
    );
    expect(paths.every((path) => /^\/(?!\/)/.test(path))).toBe(true);
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
    expect(paths.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "/docs",
      "/docs/flags",
      "/openapi.json",
    ]);
  });

  it("has a title, a language, and the notice that CCP asks for", async () => {
    const api = await anApi();

    const found = await Promise.all(
      pages.map(async (path) => {
        const { elements, text, source } = await pageAt(api, path);
        const language = elements.find(({ tag }) => tag === "html")?.attributes["lang"];
        const isTitled = /<title>[^<]+ · Hangar Bay<\/title>/.test(source);
        return [language, isTitled, text.includes("© 2014 CCP hf. All rights reserved.")];
      }),
    );

    expect(found).toEqual(pages.map(() => ["en", true, true]));
  });
});

describe("/docs", () => {
  it("has each operation and each schema, under the name that links use", async () => {
    const api = await anApi();
    const { paths = {}, components } = await api.json<OpenApiDocument>("/openapi.json");

    const { elements, text } = await pageAt(api, "/docs");

    const operations = Object.values(paths).flatMap(({ get, post }) => [get, post]);
    const operationIds = operations.flatMap((operation) => operation?.operationId ?? []);
    const schemas = Object.keys(components?.schemas ?? {});
    const ids = idsIn(elements);
    const anchors = addressesIn(elements).filter((address) => address.startsWith("#"));
    expect(new Set(ids)).toEqual(new Set([...operationIds, ...schemas]));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(anchors.filter((anchor) => !ids.includes(anchor.slice(1)))).toEqual([]);
    for (const path of Object.keys(paths)) expect(text).toContain(path);
  });

  it("has each parameter, each field of an answer, and each field of a body", async () => {
    const api = await anApi();

    const { source } = await pageAt(api, "/docs");

    const names = ["min_price", "region_id", "meta.total_by_type", "included_items", "region_ids"];
    const missing = names.filter((name) => !source.includes(`<code>${name}</code>`));
    expect(missing).toEqual([]);
  });

  it("shows all text of the document as plain text, whatever it contains", async () => {
    const hostile = `<script>alert(1)</script> & "quoted" 'too' <img src=x onerror=alert(1)>`;
    const document: OpenApiDocument = {
      openapi: "3.1.0",
      info: { title: hostile, version: hostile, description: hostile },
      paths: {
        [`/${hostile}`]: {
          get: {
            operationId: hostile,
            summary: hostile,
            description: `\`${hostile}\``,
            parameters: [{ name: hostile, in: "query", description: hostile }],
            responses: { 200: { description: hostile } },
          },
        },
      },
      components: {
        schemas: {
          [hostile]: {
            type: "object",
            properties: { [hostile]: { type: "string", description: hostile, enum: [hostile] } },
          },
        },
      },
    };

    const { elements, source } = await parsed(
      new Response((await reader(document)).toString(), {
        headers: { "content-type": "text/html" },
      }),
    );

    const tags = new Set(elements.map(({ tag }) => tag));
    expect([tags.has("script"), tags.has("img")]).toEqual([false, false]);
    expect(
      source.split("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;").length,
    ).toBeGreaterThan(10);
  });
});

describe("/docs/flags", () => {
  it("has each flag under its code, and what it means", async () => {
    const api = await anApi();

    const { elements, text } = await pageAt(api, "/docs/flags");

    const words = text.replaceAll(/\s+/g, " ");
    expect(idsIn(elements)).toEqual(flagCodes);
    expect(words).toContain("collateral_over_value warning A courier contract&#39;s collateral");
  });

  it("is available even if the settings are broken, and so is the list of flags", async () => {
    const broken = createApp(() => {
      throw new Error("broken");
    });

    const [page, list] = await Promise.all([
      broken.request("/docs/flags"),
      broken.request("/v1/flags"),
    ]);

    expect([page.status, list.status]).toEqual([200, 200]);
  });
});

describe("docs/flags.md", () => {
  it("has a heading for each flag, and says the same about it as its page", () => {
    const sections = [...flagged.matchAll(/^## (.+)\n\n(.+)\n\n(.+)\n\n(.+)\n/gm)].map(
      ([, code = "", severity, when, explanation]) => [code, { severity, when, explanation }],
    );

    expect(sections).toEqual(flagCodes.map((code) => [code, flagDefinitions[code]]));
    expect(flagged.match(/^#+ /gm)).toHaveLength(1 + flagCodes.length);
    expect(flagged).toContain(`\n\n${aboutFlags}\n\n`);
  });
});

describe("/problems/{code}", () => {
  it("explains the problem, with its code where a name would be", async () => {
    const api = await anApi();

    const { text } = await pageAt(api, "/problems/unauthorized");

    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain("Unauthorized unauthorized, status 401 The admin routes need");
    expect(words).toContain("&lt;ADMIN_TOKEN&gt;");
  });
});

describe("docs/problems.md", () => {
  it("has a heading for each problem, and says the same about it as its page", () => {
    const sections = [...explained.matchAll(/^## (.+)\n\n(.+)\n\n(.+)\n/gm)].map(
      ([, code = "", kind, explanation]) => [code, { kind, explanation }],
    );

    const expected = Object.entries(problems).map(([code, { status, title, explanation }]) => [
      code,
      { kind: `${status} ${title}`, explanation },
    ]);
    expect(sections).toEqual(expected);
    expect(explained.match(/^#+ /gm)).toHaveLength(1 + expected.length);
  });
});
