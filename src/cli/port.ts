import { createServer } from "node:net";

/** What a machine without IPv6 says of `::1`: nobody listens there. */
const noSuchAddress = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** A server may listen on either, and `localhost` means both. */
const hosts = ["127.0.0.1", "::1"];

/** Listens for a moment: undefined if something else does. Port 0 stands for any that is free. */
const listenedOn = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(noSuchAddress.has(code ?? "") ? port : undefined),
    );
    server.listen({ port, host }, () => {
      const address = server.address();
      const found = typeof address === "object" ? address?.port : port;
      server.close(() => resolve(found));
    });
  });

async function isFree(port: number): Promise<boolean> {
  const found = await Promise.all(hosts.map((host) => listenedOn(port, host)));
  return found.every((each) => each !== undefined);
}

/** @throws if it is no port, or something else listens on it, with what to do about it. */
export async function claimPort(port: number, command: string): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port ${port} is not a port: give a number from 1 to 65535`);
  }
  if (await isFree(port)) return;
  throw new Error(`Port ${port} is taken. Try another one: ${command} -- --port ${port + 1}`);
}

const attempts = 10;

/** A port on which nobody listens: for commands that need a server, and tell nobody where. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = await listenedOn(0, "127.0.0.1");
    if (port !== undefined && (await isFree(port))) return port;
  }
  throw new Error("No port is free on this machine");
}
