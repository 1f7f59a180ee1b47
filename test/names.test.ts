/** José in one character and in two is one person, wherever a name comes from. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPeople, readLandmarks, readPairs, readPeople, rowsOfPairs } from "../src/faces/data/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { assertNoOverlap } from "../src/matching/protocols/index.ts";

const at = (name: string) => fileURLToPath(new URL(`cases/unicode/${name}`, import.meta.url));
const PEOPLE = ["Jos\u00e9", "Zo\u00eb"];

test("features and pairs of either form go together", async () => {
  for (const form of ["nfc", "nfd"]) {
    const { set } = await readFeatures(at(`features-${form}.csv`));
    expect([...new Set(set.identities)].sort()).toEqual(["Ann", ...PEOPLE]);
    for (const other of ["nfc", "nfd"]) {
      const folds = rowsOfPairs(await readPairs(at(`pairs-${other}.txt`)), set.names);
      expect(folds.flat().length).toBeGreaterThan(0);
    }
  }
});

test("people who were trained on are found in a test set of the other form", async () => {
  const { set } = await readFeatures(at("features-nfd.csv"));
  const trained = await readPeople(at("trained-on-nfc.txt"));
  expect(() => assertNoOverlap(trained, set.identities)).toThrow("2 people of the test set");
  expect(() => assertNoOverlap(["Jose\u0301"], ["Jos\u00e9"])).toThrow("1 people of the test set");
});

test("pictures of either form have their landmarks and their people", async () => {
  for (const form of ["nfc", "nfd"]) {
    const { pictures } = await openPeople({
      images: at(`people-${form}.zip`),
      landmarks: at("landmarks-nfc.txt"),
    });
    expect([...new Set(pictures.map(({ identity }) => identity))].sort()).toEqual(PEOPLE);
    expect(pictures).toHaveLength(4);
  }
  expect(
    [...(await readLandmarks(at("landmarks-nfc.txt"))).keys()].every(
      (name) => name === name.normalize("NFC"),
    ),
  ).toBe(true);
});
