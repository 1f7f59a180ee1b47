// src/math/engine: runs graphs in ONNX Runtime. The only folder that knows which runtime that is.
export { createLoop } from "./loop.ts";
export type { Loop } from "./loopState.ts";
export { createMultiply, type EngineMultiply } from "./multiply.ts";
export { PROVIDERS, type Provider, type SessionOptions, type Tensor, type Tensors } from "./runner.ts";
export { createSession, type Session } from "./session.ts";
