/** Method and address of every operation under /api/v1; plain data, so that a client needs nothing else. */
export type Method = "GET" | "POST" | "PATCH" | "DELETE";
export type Endpoint = readonly [method: Method, address: string];

export const ADDRESSES = {
  represent: ["POST", "/represent"],
  verify: ["POST", "/verify"],
  identify: ["POST", "/identify"],
  identifyAll: ["POST", "/identify-all"],
  search: ["POST", "/search"],
  locate: ["POST", "/locate"],
  analyze: ["POST", "/analyze"],
  listPeople: ["GET", "/people"],
  getPerson: ["GET", "/people/:person"],
  register: ["POST", "/people/:person/faces"],
  renamePerson: ["PATCH", "/people/:person"],
  mergePeople: ["POST", "/people/:person/merge"],
  removePerson: ["DELETE", "/people/:person"],
  moveFace: ["PATCH", "/faces/:face"],
  removeFace: ["DELETE", "/faces/:face"],
  listReceipts: ["GET", "/receipts"],
  getReceipt: ["GET", "/receipts/:receipt"],
  models: ["GET", "/models"],
  health: ["GET", "/health"],
  live: ["GET", "/health/live"],
  ready: ["GET", "/health/ready"],
} as const satisfies Record<string, Endpoint>;

export type Operation = keyof typeof ADDRESSES;

/** Where the API begins. */
export const API_ROOT = "/api/v1";

/** The parts of an address that an operation's input fills in: "/people/:person" has "person". */
export const partsOf = (address: string): string[] =>
  [...address.matchAll(/:(\w+)/g)].map(([, name]) => name);
