import { expect, test } from "vitest";
import { contentText, receiptsText } from "./index.ts";

test("one is singular", () => {
  expect(contentText({ people: 1, faces: 1 })).toBe("1 person, 1 face");
  expect(contentText({ people: 2, faces: 1_200 })).toBe("2 people, 1,200 faces");
  const removal = {
    receipt: 3,
    time: "2026-01-01",
    personId: 6,
    personRemoved: true,
    checks: [],
    pending: [],
  };
  const counts = { faces: [1], codes: 1, vectors: 1, thumbnails: 0 };
  expect(receiptsText([{ ...removal, ...counts }])).toBe("3  2026-01-01: 1 face of person 6");
  expect(receiptsText([])).toBe("nothing was erased");
});
