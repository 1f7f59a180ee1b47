/** A face that was damaged in its file is left out of searches, and the service's log says so, once. */
import { join } from "node:path";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { createClient } from "../src/serve/service/client.ts";
import { newFolder } from "./support/miniature.ts";
import { startTestService, syntheticFace } from "./support/service.ts";

vi.setConfig({ testTimeout: 120_000 });

test("a damaged face does not keep the others from being found", async () => {
  const gallery = join(await newFolder(), "people.sqlite");
  const first = await startTestService({ gallery });
  const [ann, bob] = await Promise.all(
    ["person-0002_2", "person-0003_3"].map(async (face) =>
      (await syntheticFace(first, face)).toString("base64"),
    ),
  );
  const { faceId } = await createClient(first.url).register({ person: "Ann", image: ann, aligned: true });
  await createClient(first.url).register({ person: "Bob", image: bob, aligned: true });
  await first.close();
  const file = new Database(gallery);
  const { length } = file.prepare("SELECT length(vector) AS length FROM faces WHERE id = ?").get(faceId) as {
    length: number;
  };
  file.prepare("UPDATE faces SET vector = ? WHERE id = ?").run(Buffer.alloc(length, 0xff), faceId);
  file.close();

  const lines: string[] = [];
  const logger = { level: "error", stream: { write: (line: string) => void lines.push(line) } };
  const second = await startTestService({ gallery, logger });
  const client = createClient(second.url);
  for (let time = 0; time < 2; time++) {
    const { candidates } = await client.identify({ image: ann, aligned: true });
    expect(candidates.map(({ person }) => person.name)).toEqual(["Bob"]);
  }
  await second.close();
  const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes("damaged face"));
  expect(told).toMatchObject([{ face: faceId, reason: expect.stringContaining("checksum differs") }]);
  expect(lines.join("")).not.toContain("the gallery failed");
});
