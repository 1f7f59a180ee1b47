/** The same search by faiss (python3-faiss on Debian), where Python has it. */
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";

/** Milliseconds a query of IndexBinaryFlat, one query at a time, the best of all. */
export interface FaissTimes {
  readonly version: string;
  readonly oneThreadMs: number;
  readonly threadsMs: number;
}

const SCRIPT = `
import sys, time, json, numpy as np, faiss
folder, bits, k, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
read = lambda name: np.fromfile(folder + "/" + name, dtype=np.uint8).reshape(-1, bits // 8)
index = faiss.IndexBinaryFlat(bits)
index.add(read("codes"))
def best(n):
    faiss.omp_set_num_threads(n)
    times = []
    for query in read("queries"):
        start = time.perf_counter()
        index.search(query.reshape(1, -1), k)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)
print(json.dumps({"version": faiss.__version__, "oneThreadMs": best(1), "threadsMs": best(threads)}))
`;

/** The first Python that has faiss. */
export const findFaiss = (pythons: readonly (string | undefined)[]): string | undefined =>
  pythons.find(
    (python) => python && spawnSync(python, ["-c", "import faiss"], { stdio: "ignore" }).status === 0,
  );

export async function timeFaiss(
  python: string,
  codes: Iterable<Uint8Array>,
  queries: readonly Uint8Array[],
  { bits, k, threads }: { readonly bits: number; readonly k: number; readonly threads: number },
): Promise<FaissTimes> {
  const folder = await mkdtemp(join(tmpdir(), "deepid-bench-"));
  try {
    const file = createWriteStream(join(folder, "codes"));
    for (const block of codes) {
      if (!file.write(block)) await once(file, "drain");
    }
    file.end();
    await finished(file);
    await writeFile(join(folder, "queries"), Buffer.concat(queries));
    const args = ["-c", SCRIPT, folder, ...[bits, k, threads].map(String)];
    return JSON.parse(execFileSync(python, args, { encoding: "utf8" })) as FaissTimes;
  } finally {
    await rm(folder, { recursive: true });
  }
}
