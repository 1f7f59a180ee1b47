// src/serve/service: the HTTP service over the recognizer and the gallery: operations, keys, limits, workers, audit log.
export { ADDRESSES, API_ROOT, type Operation } from "./addresses.ts";
export { type AuditCheck, verifyAuditLog } from "./auditCheck.ts";
export { type Client, type ClientOptions, createClient, ServiceError } from "./client.ts";
export type { Engine } from "./engine.ts";
export { pictureBytes } from "./form.ts";
export { answered, pictureOf } from "./handlers/faces.ts";
export { auditText, keysText, type ShownKey, shownKeys } from "./inWords.ts";
export {
  type ApiKey,
  createKey,
  type NewKey,
  readKeys,
  revokeKey,
  SCOPES,
  type Scope,
} from "./keys.ts";
export { SERVICE_LIMITS, type ServiceLimits } from "./limits.ts";
export { type HandlersOf, handled } from "./mount.ts";
export { type Answer, type Input, OPERATIONS } from "./operations/index.ts";
export {
  Bytes,
  faceChoice,
  type OperationSchema,
  Picture,
  peoplePage,
} from "./operations/operation.ts";
export { Problem } from "./problem.ts";
export {
  type Extension,
  isLoopback,
  type Service,
  type ServiceOptions,
  serveUntil,
  startService,
} from "./start.ts";
export { type Started, startedText } from "./startedText.ts";
export { type LocatorChoice, locatorChoice } from "./workerConfig.ts";
