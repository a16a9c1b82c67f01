import { createServer } from "node:net";

/** What a machine without IPv6 says of `::1`: nobody listens there. */
const noSuchAddress = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(noSuchAddress.has(code ?? "")),
    );
    server.listen({ port, host }, () => server.close(() => resolve(true)));
  });

/** @throws where something else listens on the port, with what to do about it. */
export async function claimPort(port: number, command: string): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port ${port} is no port: it takes a number from 1 to 65535`);
  }
  const free = await Promise.all(["127.0.0.1", "::1"].map((host) => isFree(port, host)));
  if (free.every(Boolean)) return;
  throw new Error(`Port ${port} is taken. Try another one: ${command} -- --port ${port + 1}`);
}
