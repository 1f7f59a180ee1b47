// src/math/engine: runs graphs in ONNX Runtime. The only folder that knows which runtime that is.

export { createSession } from "./createSession.ts";
export { createLoop } from "./loop.ts";
export type { Loop } from "./loopState.ts";
export { createMultiply, type EngineMultiply } from "./multiply.ts";
