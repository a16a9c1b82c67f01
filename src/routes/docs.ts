import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";

import { aboutFlags, flagCodes, flagDefinitions } from "../domain/flags/flag.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { cacheFor } from "../http/caching.ts";
import type { AppEnv } from "../http/context.ts";
import type { OpenApiDocument } from "../http/openapi.ts";
import { page, prose } from "../http/page.ts";
import { problems } from "../http/problem.ts";
import { reader } from "../http/reader.ts";

const isCode = (code: string): code is ErrorCode => Object.hasOwn(problems, code);

const codeSchema = z.object({ code: z.string() });

/** Pages for people: the API's document, the meaning of each flag, and each problem. */
export const docsRoutes = (documentOf: () => OpenApiDocument) =>
  new Hono<AppEnv>({ strict: false })
    .get("/", (c) => c.redirect("/docs"))
    .get("/openapi.json", (c) => {
      cacheFor(c, "documents");
      return c.json(documentOf());
    })
    .get("/docs", (c) => {
      cacheFor(c, "documents");
      return c.html(reader(documentOf()));
    })
    .get("/docs/flags", (c) => {
      cacheFor(c, "documents");
      return c.html(
        page(
          "Flags",
          html`<h1>Flags</h1>
            <p>${prose(aboutFlags)}</p>
            ${flagCodes.map((code) => {
              const { severity, when, explanation } = flagDefinitions[code];
              return html`<h2 id="${code}"><code>${code}</code></h2>
                <p>${severity}</p>
                <p>${prose(when)}</p>
                <p>${prose(explanation)}</p>`;
            })}
            <p><a href="/docs">The API</a></p>`,
        ),
      );
    })
    .get("/problems/:code", zValidator("param", codeSchema), (c) => {
      const { code } = c.req.valid("param");
      if (!isCode(code)) throw new AppError("not-found", `There is no problem "${code}".`);
      const { status, title, explanation } = problems[code];
      cacheFor(c, "documents");
      return c.html(
        page(
          title,
          html`<h1>${title}</h1>
            <p><code>${code}</code>, status ${status}</p>
            <p>${prose(explanation)}</p>
            <p><a href="/docs">The API</a></p>`,
        ),
      );
    });
