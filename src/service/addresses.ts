/** Method and address of every operation under /api/v1; plain data, so that a client needs nothing else. */
export const ADDRESSES = {
  health: ["GET", "/health"],
  models: ["GET", "/models"],
} as const satisfies Record<string, readonly [Method, string]>;

export type Method = "GET" | "POST" | "PATCH" | "DELETE";
export type Operation = keyof typeof ADDRESSES;

/** Where the API begins. */
export const API_ROOT = "/api/v1";

/** The parts of an address that an operation's input fills in: "/people/:person" has "person". */
export const partsOf = (address: string): string[] =>
  [...address.matchAll(/:(\w+)/g)].map(([, name]) => name);
