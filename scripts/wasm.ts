/** Compiles the search kernel: `npm run wasm` writes src/matching/search/kernelBytes.ts, which a test compares with the source. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { writeFileAtomic } from "../src/base/files/index.ts";

const SOURCE = fileURLToPath(new URL("../wasm/hamming.ts", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/matching/search/kernelBytes.ts", import.meta.url));

const FLAGS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd,threads",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "65536",
];

/** The text of src/matching/search/kernelBytes.ts that the source compiles to. */
export async function compileKernel(): Promise<string> {
  const source = await readFile(SOURCE, "utf8");
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["hamming.ts", ...FLAGS, "--outFile", "hamming.wasm"], {
    readFile: (name) => (name === "hamming.ts" ? source : null),
    writeFile: (name, content) => {
      if (name === "hamming.wasm" && typeof content !== "string") binary = content;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`wasm/hamming.ts: ${error?.message}\n${stderr}`);
  const lines = Buffer.from(binary)
    .toString("base64")
    .match(/.{1,100}/g)!;
  return [
    "/** wasm/hamming.ts, compiled by `npm run wasm`. */",
    "export const KERNEL_BASE64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFileAtomic(TARGET, await compileKernel());
