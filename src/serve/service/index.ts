// src/serve/service: the HTTP service over the recognizer and the gallery: operations, keys, limits, workers, and what the studio shows.
export { ADDRESSES, API_ROOT, type Operation } from "./addresses.ts";
export { type Client, type ClientOptions, createClient, ServiceError } from "./client.ts";
export {
  type ApiKey,
  createKey,
  isValid,
  type NewKey,
  readKeys,
  revokeKey,
  SCOPES,
  type Scope,
} from "./keys.ts";
export { SERVICE_LIMITS, type ServiceLimits } from "./limits.ts";
export type { Answer, Input } from "./operations/index.ts";
export { isLoopback, type Service, type ServiceOptions, startService } from "./start.ts";
export type { LocatorChoice } from "./workerOrder.ts";
