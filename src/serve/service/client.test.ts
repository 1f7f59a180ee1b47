import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";

test("a service that is not there is named with its address", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, "close");
  const client = createClient(base);
  const failure = await client.models({}).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(TypeError);
  expect((failure as Error).message).toMatch(
    `${base}/api/v1/models: the service cannot be reached: connect ECONNREFUSED`,
  );
  const stop = AbortSignal.abort(new Error("enough"));
  await expect(client.models({}, { signal: stop })).rejects.toThrow(/^enough$/);
});
