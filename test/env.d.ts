declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}

/** `[[rules]]` in wrangler.toml makes them text. */
declare module "*.jsonl" {
  const text: string;
  export default text;
}
