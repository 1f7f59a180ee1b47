import { expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createGallery, createMemoryStore, settingsFor } from "../../people/gallery/index.ts";
import { guardedGallery } from "./guardedGallery.ts";

const model = { hash: "model a", dimension: 32 };

function guarding(count: () => Promise<never>) {
  const reported: unknown[] = [];
  const store = createMemoryStore(settingsFor(model));
  const gallery = { ...createGallery(store, model), count };
  const guarded = guardedGallery(gallery, { report: (failure) => reported.push(failure), callMs: 20 });
  return { guarded, reported };
}

test("a gallery that is lost is not available, and only the log learns where it was", async () => {
  const lost = new InputError("postgres://db.internal/people: the server does not answer");
  const { guarded, reported } = guarding(() => Promise.reject(lost));
  await expect(guarded.count()).rejects.toMatchObject({
    kind: "unavailable",
    message: "The gallery cannot be used now.",
  });
  expect(reported).toEqual([lost]);
});

test("a gallery that does not answer is not waited for", async () => {
  const { guarded, reported } = guarding(() => new Promise(() => {}));
  await expect(guarded.count()).rejects.toMatchObject({ kind: "unavailable" });
  expect(String(reported)).toContain("has not answered for 20 ms");
});

test("what contradicts who is there is a conflict, and no failure of the service", async () => {
  const { guarded, reported } = guarding(() => Promise.reject(new Error("unused")));
  await expect(guarded.rename("Ann", "Bo")).rejects.toMatchObject({
    kind: "conflict",
    message: 'there is no "Ann"',
  });
  expect(reported).toEqual([]);
});
