import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programOf } from "../../../test/support/compiled.ts";
import { expectClose } from "../../../test/support/float64.ts";
import { KINDS, lossesOn } from "../../../test/support/trainOn.ts";

const [node, program] = programOf("trainOn");

/** SwiftShader, a GPU in software, as Debian's chromium brings it. */
const SWIFTSHADER = "/usr/lib/chromium";

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Trains on WebGPU in another process: the Vulkan loader is found, or not, when a process starts. */
function trainOnWebGpu(environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const options = { env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    execFile(node, [program, "webgpu"], options, (failure, output, errors) => {
      resolve({ code: failure ? Number(failure.code) : 0, output, errors });
    });
  });
}

test("five training steps on WebGPU have the losses that they have on CPU, and end at the same weights", {
  timeout: 600_000,
}, async ({ skip }) => {
  let outcome = await trainOnWebGpu({});
  if (outcome.code === 3 && existsSync(join(SWIFTSHADER, "libvk_swiftshader.so"))) {
    outcome = await trainOnWebGpu({
      LD_LIBRARY_PATH: SWIFTSHADER,
      VK_ICD_FILENAMES: join(SWIFTSHADER, "vk_swiftshader_icd.json"),
    });
  }
  if (outcome.code === 3) {
    const reason = `no GPU, and no SwiftShader in ${SWIFTSHADER}: ${outcome.output}`;
    process.stderr.write(`skipped: ${reason}\n`);
    skip(reason);
  }
  expect(outcome.code, outcome.errors).toBe(0);
  const lines = outcome.output.trim().split("\n");
  expect(lines.length).toBe(KINDS.length);
  for (const [i, kind] of KINDS.entries()) {
    const expected = (await lossesOn("cpu", kind)).flat();
    expectClose((JSON.parse(lines[i]) as number[][]).flat(), expected, { relative: 1e-3 });
  }
});
