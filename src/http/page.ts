import { html, raw } from "hono/html";

/** The result of `html`. Text in it is escaped. */
export type Html = ReturnType<typeof html>;

const style = raw(`
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
  code, pre { font: 0.9em/1.4 ui-monospace, monospace; }
  pre { overflow-x: auto; padding: 0.75rem; border: 1px solid var(--line); border-radius: 4px; }
  h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
  tr { border-top: 1px solid var(--line); }
  .scroll { overflow-x: auto; }
  .method { font-weight: 600; }
  footer { margin-top: 3rem; font-size: 0.85em; border-top: 1px solid var(--line); }
`);

/** Required by CCP's developer licence, 7.1. */
export const dataNotice =
  '© 2014 CCP hf. All rights reserved. "EVE", "EVE Online", "CCP", and all related logos and images are trademarks or registered trademarks of CCP hf.';

/** A complete page, without scripts and without anything from another host. */
export const page = (title: string, content: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Hangar Bay</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>${content}</main>
        <footer>
          <p>${dataNotice}</p>
        </footer>
      </body>
    </html>`;

/** Text with `code` in backquotes, as used in the API's descriptions. */
export const prose = (text: string): Html =>
  html`${text.split(/`([^`]*)`/).map((part, index) => (index % 2 ? html`<code>${part}</code>` : part))}`;
