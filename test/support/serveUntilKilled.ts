/** A program for tests: serves a gallery until it is killed, and tells where it listens. */
import { writeSync } from "node:fs";
import { startTestService } from "./service.ts";

const [gallery] = process.argv.slice(2);
const { url } = await startTestService({ gallery });
writeSync(1, `${url}\n`);
