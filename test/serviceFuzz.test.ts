import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createClient, type Service } from "../src/serve/service/index.ts";
import { fuzz } from "./support/fuzz.ts";
import { startTestService, syntheticFace } from "./support/service.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let service: Service;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service?.close());

test("broken requests get no 5xx, no answer that tells of the inside, and break nothing", async () => {
  const picture = await syntheticFace(service, "person-0001_1");
  const { statuses, failures } = await fuzz(service, picture, { requests: 120, seed: 1 });
  expect(failures).toEqual([]);
  expect(Object.keys(statuses).length).toBeGreaterThanOrEqual(4); // it was not all refused at the door
  const image = picture.toString("base64");
  const { features } = await createClient(service.url).represent({ image, aligned: true });
  expect(features.every(Number.isFinite)).toBe(true);
});
