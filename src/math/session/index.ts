// src/math/session: what it means to run a graph, whichever runtime does it: what is checked, and what a runtime must do.
export { checkTensors } from "./check.ts";
export {
  type CreateRunner,
  PROVIDERS,
  type Provider,
  type Runner,
  type SessionOptions,
  type Tensor,
  type Tensors,
} from "./runner.ts";
export { type OpenSession, openSession, type Session } from "./session.ts";
