/** `npm run fuzz`: 5,000 broken requests to the service; says what came back, how memory grew, and what must not be. */

import { fuzz } from "../test/support/fuzz.ts";
import { startTestService, syntheticFace } from "../test/support/service.ts";

const requests = Number(process.argv[2] ?? 5_000);
const seed = Number(process.argv[3] ?? 1);
const ROUND = 500;
const service = await startTestService({ workers: 2 });
const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);
let failed = 0;
try {
  const picture = await syntheticFace(service, "person-0001_1");
  for (let done = 0; done < requests; done += ROUND) {
    const count = Math.min(ROUND, requests - done);
    const { statuses, failures } = await fuzz(service, picture, { requests: count, seed: seed + done });
    failed += failures.length;
    console.log(`${done + count} requests, ${megabytes()} MB:`, statuses);
    for (const failure of failures) console.error(failure);
  }
} finally {
  await service.close();
}
process.exitCode = failed > 0 ? 1 : 0;
