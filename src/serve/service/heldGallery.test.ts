import { expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import type { Gallery } from "../../people/gallery/index.ts";
import { heldGallery } from "./heldGallery.ts";

const failing = (error: Error) => {
  const reported: unknown[] = [];
  const gallery = { count: () => Promise.reject(error) } as unknown as Gallery;
  return { count: () => heldGallery(gallery, (failure) => reported.push(failure)).count(), reported };
};

test("a gallery that is lost is not available, and only the log learns where it was", async () => {
  const lost = new InputError("postgres://db.internal/people: the server does not answer");
  const { count, reported } = failing(lost);
  const failure = await count().catch((error) => error);
  expect(failure).toMatchObject({ kind: "unavailable", message: "The gallery cannot be used now." });
  expect(reported).toEqual([lost]);
});

test("what contradicts who is there is a conflict, in the gallery's words", async () => {
  const { count, reported } = failing(new InputError('gallery: there is a "Bob" already'));
  expect(await count().catch((error) => error)).toMatchObject({
    kind: "conflict",
    message: 'there is a "Bob" already',
  });
  expect(reported).toEqual([]);
});

test("answers pass as they are", async () => {
  const gallery = { count: async () => ({ people: 2, faces: 3 }) } as unknown as Gallery;
  expect(await heldGallery(gallery, () => {}).count()).toEqual({ people: 2, faces: 3 });
});
