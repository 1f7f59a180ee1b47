/** Where the optional packages of the default detector keep their files. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** Folders of the default detector. */
export interface HumanFolders {
  /** Its programs. */
  readonly dist: string;
  /** Its nets, a .json and a .bin file each. */
  readonly models: string;
  /** The WebAssembly that runs them. */
  readonly wasm: string;
}

/** The folders of the default detector; undefined where its optional packages are not installed. */
export function humanFolders(): HumanFolders | undefined {
  try {
    const dist = dirname(resolve("@vladmandic/human"));
    const wasm = join(dirname(resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");
    const folders = { dist, models: join(dist, "../models"), wasm };
    return [resolve("@tensorflow/tfjs-core"), ...Object.values(folders)].every((path) => existsSync(path))
      ? folders
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the default detector is installed. */
export const hasHuman = (): boolean => humanFolders() !== undefined;

/** The files that a page needs to run it, in its folders. */
export const HUMAN_PAGE_FILES = {
  models: ["blazeface.json", "blazeface.bin", "facemesh.json", "facemesh.bin"],
  wasm: ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"],
} as const;
