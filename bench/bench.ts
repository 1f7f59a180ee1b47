/**
 * Speed of training and of the forward pass, ours and PyTorch's in turn in one run, as ratios.
 * Run: npm run bench [-- --rounds 3 --threads 2 --out results/bench.json]
 *
 * The peer is measured where PYTHON (default: python3, then /usr/bin/python3) can import torch; both sides get an
 * allocator that keeps its memory, as an informed user would set it. The machine should be quiet.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { keep } from "./keep.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: String(availableParallelism()) },
    out: { type: "string" },
  },
});
const { rounds, threads } = values;

const ALLOCATOR = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 34),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 34),
  MALLOC_TOP_PAD_: String(2 ** 28),
};
/** A processor type forced on OpenBLAS elsewhere would slow the peer down. */
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;
const env = { ...environment, ...ALLOCATOR };

interface Measurement {
  readonly imagesPerSecond: number;
  readonly peakMegabytes: number;
  readonly gflops?: number;
  readonly version?: string;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const measure = (command: string, args: readonly string[]): Measurement =>
  JSON.parse(
    execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim(),
  );

const ours = (mode: string, batch: number, repeats: number) =>
  measure(process.execPath, [
    "--import",
    "tsx",
    file("ours.ts"),
    mode,
    String(batch),
    String(repeats),
    threads,
  ]);
interface TorchRun {
  readonly mode: string;
  readonly batch: number;
  readonly repeats: number;
  readonly layout: string;
}
const torch = (python: string, { mode, batch, repeats, layout }: TorchRun) =>
  measure(python, [file("peer_torch.py"), mode, String(batch), String(repeats), layout, threads]);

/** The first Python that has PyTorch: the import fails elsewhere. */
function findTorch(): string | undefined {
  return [process.env.PYTHON, "python3", "/usr/bin/python3"].find((python) => {
    try {
      if (!python) return false;
      execFileSync(python, ["-c", "import torch"], { env, stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Multiply-adds of the paper's net for one picture, forward; training takes three times that, less conv1's input gradient. */
const FORWARD_FLOP = 2 * 144.8e6;
const TRAINING_FLOP = 2 * (3 * 146.9e6 - 14.06e6);

const CASES = [
  { mode: "train", batch: 128, repeats: 5, flop: TRAINING_FLOP },
  { mode: "forward", batch: 1, repeats: 101, flop: FORWARD_FLOP },
  { mode: "forward", batch: 32, repeats: 15, flop: FORWARD_FLOP },
  { mode: "forward", batch: 128, repeats: 7, flop: FORWARD_FLOP },
] as const;

const python = findTorch();
if (!python) console.log("PyTorch: not found (set PYTHON to one that has it); ours is measured alone.");
const peak = median(Array.from({ length: Number(rounds) }, () => ours("gemm", 2048, 5).gflops!));
console.log(`GEMM peak, ${threads} threads: ${peak.toFixed(0)} GFLOP/s\n`);
console.log("| images/s | ours | PyTorch (best layout) | ratio | share of GEMM peak | our peak memory |");
console.log("|---|---|---|---|---|---|");
const rows = CASES.map(({ mode, batch, repeats, flop }) => {
  const samples = Array.from({ length: Number(rounds) }, () => ({
    ours: ours(mode, batch, repeats),
    peers: python ? ["nchw", "nhwc"].map((layout) => torch(python, { mode, batch, repeats, layout })) : [],
  }));
  const own = median(samples.map((sample) => sample.ours.imagesPerSecond));
  const layouts = [0, 1].map((i) => median(samples.map(({ peers }) => peers[i]?.imagesPerSecond ?? 0)));
  const peer = python ? Math.max(...layouts) : undefined;
  const megabytes = Math.max(...samples.map((sample) => sample.ours.peakMegabytes));
  const share = (own * flop) / 1e9 / peak;
  const ratio = peer === undefined ? "-" : `${(own / peer).toFixed(2)} x`;
  console.log(
    `| ${mode}, batch ${batch} | ${own.toFixed(1)} | ${peer?.toFixed(1) ?? "-"} | ${ratio} | ${(100 * share).toFixed(0)} % | ${megabytes.toFixed(0)} MB |`,
  );
  const version = samples[0].peers[0]?.version;
  return { mode, batch, ours: own, torch: peer, version, shareOfPeak: share, peakMegabytes: megabytes };
});
await keep(
  values.out,
  {
    kind: "speed",
    command: "npm run bench",
    data: "random pictures",
  },
  { threads: Number(threads), gemmGflops: peak, rows },
);
