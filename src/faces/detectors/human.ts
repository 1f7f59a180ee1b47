/**
 * The default detector: BlazeFace and MediaPipe's face mesh of @vladmandic/human (MIT), whose models lie inside the
 * package. It is an optional dependency and loaded at the first photo, in a thread of its own.
 */
import type { Worker } from "node:worker_threads";
import { InputError } from "../../base/errors/index.ts";
import { startThread } from "../../base/threads/index.ts";
import type { Image } from "../image/index.ts";
import {
  type FaceLocator,
  facesOnPhoto,
  type HumanAnswer,
  humanCanvas,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
} from "../locate/index.ts";
import { hasHuman } from "./humanPackage.ts";

/** Opens the default detector. Throws InputError where its optional packages are not installed. */
export function openHumanLocator(): FaceLocator {
  if (!hasHuman()) {
    throw new InputError(
      "the default face detector is not installed: @vladmandic/human and @tensorflow/tfjs-{core,converter," +
        "backend-wasm} are optional dependencies (npm install --include=optional), or give a YuNet ONNX file",
    );
  }
  const thread = createThread();
  return {
    name: "human",
    async locate(photo, options = {}) {
      const canvas = humanCanvas(photo);
      return facesOnPhoto(await thread.ask(canvas.image, options), canvas);
    },
    release: thread.end,
  };
}

interface Question {
  readonly photo: Image;
  readonly options: LocateOptions;
  resolve(faces: readonly LocatedFace[]): void;
  reject(reason: unknown): void;
}

/** A thread that answers one question after the other; one that is called off in the middle costs it its life. */
function createThread() {
  const waiting: Question[] = [];
  let worker: Worker | undefined;
  let current: Question | undefined;
  let timer: NodeJS.Timeout | undefined;

  const next = () => {
    if (current) return;
    current = waiting.shift();
    if (!current) return worker?.unref(); // an idle thread keeps no program alive
    const { signal, timeoutMs } = current.options;
    if (signal?.aborted) return settle((question) => question.reject(signal.reason));
    worker ??= start();
    worker.ref();
    signal?.addEventListener("abort", stop, { once: true });
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => stop(new LocateTimeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
    }
    worker.postMessage(current.photo);
  };
  const settle = (how: (question: Question) => void) => {
    const question = current;
    current = undefined;
    clearTimeout(timer);
    question?.options.signal?.removeEventListener("abort", stop);
    if (question) how(question);
    next();
  };
  const stop = (reason: unknown) => {
    void worker?.terminate();
    worker = undefined;
    settle(({ options, reject }) =>
      reject(reason instanceof LocateTimeout ? reason : options.signal?.reason),
    );
  };
  const start = () => {
    const started = startThread(import.meta.url, "humanWorker");
    const fail = (error: Error) => {
      if (worker !== started) return; // it was told to stop
      worker = undefined;
      settle((question) => question.reject(error));
    };
    started.on("message", (answer: HumanAnswer) =>
      settle((question) =>
        "error" in answer
          ? question.reject(new Error(`face detector: ${answer.error}`))
          : question.resolve(answer.faces),
      ),
    );
    started.on("error", fail);
    started.on("exit", (code) => fail(new Error(`face detector: its thread ended with code ${code}`)));
    return started;
  };
  return {
    ask: (photo: Image, options: LocateOptions) =>
      new Promise<readonly LocatedFace[]>((resolve, reject) => {
        waiting.push({ photo, options, resolve, reject });
        next();
      }),
    async end() {
      const ended = worker;
      worker = undefined;
      for (const question of [...waiting.splice(0), ...(current ? [current] : [])]) {
        question.reject(new Error("face detector: released"));
      }
      current = undefined;
      await ended?.terminate();
    },
  };
}
