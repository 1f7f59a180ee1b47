/** A loaded graph in Node: by the C interface on CPU, by the Node binding elsewhere. */
import { availableParallelism } from "node:os";
import { type OpenSession, openSession } from "../session/index.ts";
import { createBindingRunner } from "./binding.ts";
import { createNativeRunner } from "./nativeRunner.ts";

/** Loads ONNX bytes. `name` says in errors whose bytes they are. */
export const createSession: OpenSession = (model, options = {}, name = "ONNX model") =>
  openSession(
    (options.provider ?? "cpu") === "cpu" ? createNativeRunner : createBindingRunner,
    model,
    { threads: availableParallelism(), ...options },
    name,
  );
