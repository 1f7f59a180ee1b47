/**
 * The C interface of ONNX Runtime.
 *
 * Its library comes from the packages sherpa-onnx-<platform>, which hold it for one platform each (11 MB to fetch) and have no
 * install script. onnxruntime-node holds it for six (100 MB), and its install script fetches a GPU's libraries from elsewhere;
 * it is needed for other providers than the CPU alone.
 *
 * Why not onnxruntime-node's own `run`: it blocks the event loop and copies every result once more, which
 * costs a training step of the paper's net 400 ms. Here feeds and results are the caller's own memory, and a run
 * takes place on a thread of the pool.
 *
 * Functions are found by their position in the OrtApi table, which ONNX Runtime only ever appends to.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import koffi from "koffi";
import { InputError } from "../../base/errors/index.ts";
import { switchTelemetryOff } from "./telemetry.ts";

const API_VERSION = 20;
const POSITION = {
  GetErrorMessage: 2,
  CreateEnv: 3,
  DisableTelemetryEvents: 6,
  CreateSessionFromArray: 8,
  Run: 9,
  CreateSessionOptions: 10,
  SetSessionGraphOptimizationLevel: 23,
  SetIntraOpNumThreads: 24,
  CreateTensorWithDataAsOrtValue: 49,
  GetTensorMutableData: 51,
  GetDimensionsCount: 61,
  GetDimensions: 62,
  GetTensorTypeAndShape: 65,
  CreateCpuMemoryInfo: 69,
  ReleaseStatus: 93,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseTensorTypeAndShapeInfo: 99,
  ReleaseSessionOptions: 100,
} as const;

/** An address inside the runtime. */
export type Pointer = object;
type Call = (...args: unknown[]) => Pointer | null;
type AsyncCall = Call & {
  async(...args: [...unknown[], (error: Error | null, status: Pointer | null) => void]): void;
};

export interface Native {
  readonly version: string;
  readonly environment: Pointer;
  readonly cpuMemory: Pointer;
  /** Calls a function that answers with a status; throws its message where it failed. */
  call(name: keyof typeof POSITION, ...args: unknown[]): void;
  /** Calls a function whose last argument is where to put a pointer or number; returns that. */
  make<T = Pointer>(name: keyof typeof POSITION, ...args: unknown[]): T;
  /** Both on a pool thread, for what takes long. */
  callAside(name: keyof typeof POSITION, ...args: unknown[]): Promise<void>;
  makeAside(name: keyof typeof POSITION, ...args: unknown[]): Promise<Pointer>;
  release(
    name: "ReleaseSession" | "ReleaseValue" | "ReleaseSessionOptions" | "ReleaseTensorTypeAndShapeInfo",
    pointer: Pointer,
  ): void;
}

const POINTER = "void *";
const RESULT = "_Out_ void **";
const SIGNATURES: Record<keyof typeof POSITION, [result: string, parameters: string[]]> = {
  GetErrorMessage: ["str", [POINTER]],
  CreateEnv: [POINTER, ["int", "str", RESULT]],
  DisableTelemetryEvents: [POINTER, [POINTER]],
  CreateSessionFromArray: [POINTER, [POINTER, POINTER, "size_t", POINTER, RESULT]],
  Run: [
    POINTER,
    [
      POINTER,
      POINTER,
      "const char **",
      "const void **",
      "size_t",
      "const char **",
      "size_t",
      "_Inout_ void **",
    ],
  ],
  CreateSessionOptions: [POINTER, [RESULT]],
  SetSessionGraphOptimizationLevel: [POINTER, [POINTER, "int"]],
  SetIntraOpNumThreads: [POINTER, [POINTER, "int"]],
  CreateTensorWithDataAsOrtValue: [
    POINTER,
    [POINTER, POINTER, "size_t", "int64_t *", "size_t", "int", RESULT],
  ],
  GetTensorMutableData: [POINTER, [POINTER, RESULT]],
  GetDimensionsCount: [POINTER, [POINTER, "_Out_ size_t *"]],
  GetDimensions: [POINTER, [POINTER, "_Out_ int64_t *", "size_t"]],
  GetTensorTypeAndShape: [POINTER, [POINTER, RESULT]],
  CreateCpuMemoryInfo: [POINTER, ["int", "int", RESULT]],
  ReleaseStatus: ["void", [POINTER]],
  ReleaseSession: ["void", [POINTER]],
  ReleaseValue: ["void", [POINTER]],
  ReleaseTensorTypeAndShapeInfo: ["void", [POINTER]],
  ReleaseSessionOptions: ["void", [POINTER]],
};

let loaded: Native | undefined;

/** The runtime, loaded on first use. Throws where there is no library for this platform. */
export function native(): Native {
  loaded ??= openRuntime(libraryPath());
  return loaded;
}

// koffi closes a library whose handle is collected, while its threads still run in it.
const keepAlive: unknown[] = [];

/** Loads a runtime's library, with its telemetry off. */
export function openRuntime(path: string): Native {
  // ONNX Runtime's operators need more than the default 256 KiB.
  if (keepAlive.length === 0) koffi.config({ async_stack_size: 8 << 20 });
  switchTelemetryOff();
  const library = koffi.load(path);
  keepAlive.push(library);
  const [getApi, getVersion] = decodeTable(library.func("OrtGetApiBase", POINTER, [])(), 2);
  const version = koffi.decode(getVersion, prototype("OrtGetVersion", "str", []))() as string;
  const table = decodeTable(
    koffi.decode(getApi, prototype("OrtGetApi", POINTER, ["uint32_t"]))(API_VERSION),
    101,
  );
  const functions = Object.fromEntries(
    Object.entries(POSITION).map(([name, position]) => {
      const [result, parameters] = SIGNATURES[name as keyof typeof POSITION];
      return [name, koffi.decode(table[position], prototype(`Ort${name}`, result, parameters))];
    }),
  ) as Record<keyof typeof POSITION, AsyncCall>;
  const check = (status: Pointer | null) => {
    if (!status) return;
    const message = functions.GetErrorMessage(status) as unknown as string;
    functions.ReleaseStatus(status);
    throw new Error(message);
  };
  const call: Native["call"] = (name, ...args) => check(functions[name](...args));
  const make = <T>(name: keyof typeof POSITION, ...args: unknown[]): T => {
    const result: [T | null] = [null];
    call(name, ...args, result);
    return result[0]!;
  };
  const callAside: Native["callAside"] = (name, ...args) =>
    new Promise((resolve, reject) => {
      functions[name].async(...args, (error, status) => {
        try {
          if (error) throw error;
          check(status);
          resolve();
        } catch (failure) {
          reject(failure);
        }
      });
    });
  const makeAside: Native["makeAside"] = async (name, ...args) => {
    const result: [Pointer | null] = [null];
    await callAside(name, ...args, result);
    return result[0]!;
  };
  const environment = make<Pointer>("CreateEnv", 4, "deepid2plus"); // 4: prints nothing short of a crash; errors are thrown
  call("DisableTelemetryEvents", environment);
  return {
    version,
    environment,
    cpuMemory: make("CreateCpuMemoryInfo", 1, 0),
    call,
    make,
    callAside,
    makeAside,
    release: (name, pointer) => void functions[name](pointer),
  };
}

const prototypes = new Map<string, ReturnType<typeof koffi.proto>>();

/** koffi takes a name once, and two libraries may be open. */
function prototype(name: string, result: string, parameters: string[]) {
  const known = prototypes.get(name) ?? koffi.proto(name, result, parameters);
  prototypes.set(name, known);
  return known;
}

const decodeTable = (pointer: Pointer, length: number): Pointer[] =>
  koffi.decode(pointer, koffi.array(POINTER, length));

/** The runtime's library for this platform. */
function libraryPath(): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `sherpa-onnx-${platform}-${process.arch}`;
  return libraryIn(
    packageFolder(name, "ONNX Runtime for this platform: install without omitting optional packages"),
  );
}

/** The folder of an installed package; `what` says in errors what it is for. */
export function packageFolder(name: string, what: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new InputError(`needs the package ${name}, which holds ${what}`, { cause });
  }
}

/** The runtime's library among the files of `folder`. */
export function libraryIn(folder: string): string {
  const library = readdirSync(folder).find((name) =>
    /^(libonnxruntime\.(so|[\d.]*dylib)|onnxruntime\.dll)/.test(name),
  );
  if (!library) throw new Error(`no ONNX Runtime library in ${folder}`);
  return join(folder, library);
}
