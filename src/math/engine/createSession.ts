/** A loaded graph in Node: by the C interface on CPU, by the Node binding elsewhere. */
import { availableParallelism } from "node:os";
import { type CreateRunner, type OpenSession, openSession } from "../session/index.ts";
import { createNativeRunner } from "./nativeRunner.ts";

/** The binding is loaded where it is needed. */
const createBindingRunner: CreateRunner = async (...model) =>
  (await import("./binding.ts")).createBindingRunner(...model);

/** Loads ONNX bytes. `name` says in errors whose bytes they are. */
export const createSession: OpenSession = (model, options = {}, name = "ONNX model") =>
  openSession(
    (options.provider ?? "cpu") === "cpu" ? createNativeRunner : createBindingRunner,
    model,
    { threads: availableParallelism(), ...options },
    name,
  );
