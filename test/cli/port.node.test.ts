import { createServer, type Server } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { claimPort, freePort } from "../../src/cli/port.ts";

const listening: Server[] = [];

afterEach(async () => {
  await Promise.all(
    listening.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

/** Another program that listens on a port. */
async function taken(host: string): Promise<number> {
  const port = await freePort();
  const server = createServer();
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return port;
}

describe("claimPort", () => {
  it("takes a port on which nobody listens", async () => {
    await expect(claimPort(await freePort(), "npm start")).resolves.toBeUndefined();
  });

  it("refuses a port that is taken, and says which to try", async () => {
    const port = await taken("127.0.0.1");

    await expect(claimPort(port, "npm start")).rejects.toThrow(
      `Port ${port} is taken. Try another one: npm start -- --port ${port + 1}`,
    );
  });

  it.each([0, 65_536, 1.5, Number.NaN])("refuses %d, which is no port", async (port) => {
    await expect(claimPort(port, "npm start")).rejects.toThrow("from 1 to 65535");
  });
});

describe("freePort", () => {
  it("finds a port that is free, and another one once that is taken", async () => {
    const port = await taken("127.0.0.1");

    const other = await freePort();

    expect(other).not.toBe(port);
    await expect(claimPort(other, "npm start")).resolves.toBeUndefined();
  });
});
