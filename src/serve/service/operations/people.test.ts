import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ADDRESSES } from "../addresses.ts";
import { createApp } from "../app.ts";
import { NO_AUDIT } from "../audit.ts";
import { SERVICE_LIMITS } from "../limits.ts";
import { type Handlers, handled } from "../mount.ts";
import { OPERATIONS } from "./index.ts";

/** What reached a handler. */
let asked: unknown[] = [];
const person = { id: 1, name: "Ann", faces: 1 };
const handlers: Handlers = {
  getPerson: (input) => {
    asked.push(input);
    return { id: 1, name: "Ann", faces: [] };
  },
  renamePerson: (input) => {
    asked.push(input);
    return person;
  },
  moveFace: (input) => {
    asked.push(input);
    return { face: input.face, person };
  },
};

let app: FastifyInstance;
beforeAll(async () => {
  app = await createApp({
    version: "1.2.3",
    limits: SERVICE_LIMITS,
    audit: NO_AUDIT,
    loopback: true,
    now: () => new Date("2026-05-01T12:00:00Z"),
    operations: () => handled(OPERATIONS, ADDRESSES, handlers),
  });
});
afterAll(() => app.close());
beforeEach(() => {
  asked = [];
});
const patch = (address: string, body: object) =>
  app.inject({ method: "PATCH", url: `/api/v1${address}`, payload: body });

test.each([
  "a\u200bb",
  "\u202eevil",
  "a\u00a0b",
  "half \ud800",
  "\u0085",
  "..",
  "tab\tbed",
  "\u{1f600}".repeat(101),
])("%j is refused as a name before anything is done, and not as a face that is not there", async (name) => {
  const moved = await patch("/faces/1", { person: name });
  expect(moved.json()).toMatchObject({ type: "urn:deepid:bad-request", errors: [{ at: "body/person" }] });
  expect((await patch("/people/Ann", { name })).statusCode).toBe(400);
  expect(asked).toEqual([]);
});

test("a name is taken in the form in which it is kept", async () => {
  expect((await patch("/people/Jose%CC%81", { name: " Rene\u0301 " })).statusCode).toBe(200);
  expect(asked).toEqual([{ person: "Jos\u00e9", name: "Ren\u00e9" }]);
});

test.each(["0x1", "%201", "+1", "1.5", "0", "-1", "", "true", "99999999999999999999"])(
  "%j is no number of a face",
  async (face) => {
    expect((await patch(`/faces/${face}`, { person: "Ann" })).json()).toMatchObject({
      type: "urn:deepid:bad-request",
    });
    expect(asked).toEqual([]);
  },
);

test("the number of a face in an address is a number", async () => {
  expect((await patch("/faces/12", { person: "Ann" })).statusCode).toBe(200);
  expect(asked).toEqual([{ face: 12, person: "Ann" }]);
});
