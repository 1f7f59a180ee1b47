/** Method and address of every operation under /api/v1; plain data, so that a client needs nothing else. */
export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export const ADDRESSES = {
  represent: ["POST", "/represent"],
  verify: ["POST", "/verify"],
  identify: ["POST", "/identify"],
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
  models: ["GET", "/models"],
  health: ["GET", "/health"],
  studio: ["GET", "/studio"],
  studioPeople: ["GET", "/studio/people"],
  compare: ["POST", "/studio/compare"],
  occlude: ["POST", "/studio/occlude"],
  neurons: ["GET", "/studio/neurons"],
  neuron: ["GET", "/studio/neurons/:neuron"],
  personPattern: ["GET", "/studio/people/:person/pattern"],
  training: ["GET", "/studio/training"],
  paper: ["GET", "/studio/paper"],
} as const satisfies Record<string, readonly [Method, string]>;

export type Operation = keyof typeof ADDRESSES;

/** Where the API begins. */
export const API_ROOT = "/api/v1";

/** The parts of an address that an operation's input fills in: "/people/:person" has "person". */
export const partsOf = (address: string): string[] =>
  [...address.matchAll(/:(\w+)/g)].map(([, name]) => name);
