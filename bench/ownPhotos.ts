/**
 * What the default model answers about whole photos, whose faces the detector finds: pairs of View 1's training people at both operating
 * points, and composed group photographs in which some people are known and the others are not. View 2's pairs are not looked at.
 * Run: npx tsx bench/ownPhotos.ts lfw/ --data DATA [--pairs 300] [--rounds 10] [--out results/own-photos.json]
 *
 * `lfw/` is LFW unpacked; DATA holds pairsDevTrain.txt and landmarks_5pt.txt.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRng, shuffle } from "../src/base/random/index.ts";
import { readLandmarks, readPairs } from "../src/faces/data/index.ts";
import { type FaceRecognition, openRecognizer } from "../src/index.ts";
import { releasedModel } from "../src/lab/results/index.ts";
import { DEFAULT_MODEL, modelFolder } from "../src/nets/models/index.ts";
import { groupScene, readPortrait, type Scene } from "./detectionScenes.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    pairs: { type: "string", default: "300" },
    rounds: { type: "string", default: "10" },
    out: { type: "string" },
  },
});
const [lfw] = positionals;
if (!lfw || !values.data) throw new Error("needed: a folder with LFW, and --data");

/** A round: so many people are in the gallery, each by one photo, and appear by another in so many group photographs among strangers. */
const ROUND = { known: 22, photos: 5, faces: 9 } as const;
/** Pixels between the eyes, in 12 megapixels. */
const EYES = 40;
const SEED = 3;

const list = (await readPairs(join(values.data, "pairsDevTrain.txt"))).folds[0];
const landmarksOf = await readLandmarks(join(values.data, "landmarks_5pt.txt"));
const fileOf = (name: string) => join(lfw, `${name}.webp`);
const personOf = (name: string) => name.split("/")[0];
const work = mkdtempSync(join(tmpdir(), "deepid-own-photos-"));

/** Verdicts on so many pairs, evenly out of all of their kind. */
async function verdictsOn(pairs: readonly { readonly a: string; readonly b: string }[], wanted: number) {
  await using recognizer = await openRecognizer();
  const count = { same: 0, "probably the same": 0, different: 0, refused: 0 };
  for (let i = 0; i < wanted; i++) {
    const { a, b } = pairs[Math.floor((i * pairs.length) / wanted)];
    const answer = await recognizer.verify(fileOf(a), fileOf(b));
    count[answer.ok ? answer.verdict : "refused"]++;
  }
  return count;
}

/** The name that was given to the face that lies where number `i` was pasted. */
function nameAt(scene: Scene, i: number, faces: readonly FaceRecognition[]): string | undefined {
  const { x, y, side } = scene.pasted[i];
  const here = faces.find(({ face: { box } }) => {
    if (!box) return false;
    const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
    return middleX >= x && middleX < x + side && middleY >= y && middleY < y + side;
  });
  return here?.person?.name;
}

type Pair = (typeof list)[number];

/** Registers one photo of each pair's person, and looks for the other ones on group photographs. */
async function namesOn(pairs: readonly Pair[], strangers: readonly string[], round: number) {
  const count = { known: 0, named: 0, misnamed: 0, strangers: 0, strangersNamed: 0 };
  await using recognizer = await openRecognizer({ gallery: join(work, `${round}.sqlite`) });
  for (const { a } of pairs) await recognizer.register(fileOf(a), personOf(a));
  for (let photo = 0; photo < ROUND.photos; photo++) {
    const shown = pairs.filter((_, i) => i % ROUND.photos === photo).map(({ b }) => b);
    const others = strangers.slice(photo * ROUND.faces, (photo + 1) * ROUND.faces - shown.length);
    const names = [...shown, ...others];
    const portraits = await Promise.all(names.map((name) => readPortrait(fileOf(name), name, landmarksOf)));
    const scene = groupScene(portraits, EYES, 100 * round + photo);
    const { faces } = await recognizer.identifyAll(scene.photo);
    for (const [i, name] of names.entries()) {
      const given = nameAt(scene, i, faces);
      count[i < shown.length ? "known" : "strangers"]++;
      if (given === undefined) continue;
      if (i >= shown.length) count.strangersNamed++;
      else count[given === personOf(name) ? "named" : "misnamed"]++;
    }
  }
  return count;
}

const same = list.filter(({ same }) => same);
const different = list.filter(({ same }) => !same);
const genuine = await verdictsOn(same, Number(values.pairs) / 2);
const impostors = await verdictsOn(different, Number(values.pairs) / 2);

// one pair of each person; strangers are nobody of them
const rng = createRng(SEED);
const people = shuffle([...new Map(same.map((pair) => [personOf(pair.a), pair])).values()], rng);
const known = new Set(people.map(({ a }) => personOf(a)));
const unknown = new Map(different.flatMap(({ a, b }) => [a, b].map((name) => [personOf(name), name])));
const strangers = shuffle(
  [...unknown.values()].filter((name) => !known.has(personOf(name))),
  rng,
);
const rounds = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const [from, to] = [round * ROUND.known, (round + 1) * ROUND.known];
  const faces = ROUND.photos * ROUND.faces;
  rounds.push(
    await namesOn(people.slice(from, to), strangers.slice(round * faces, (round + 1) * faces), round),
  );
}
rmSync(work, { recursive: true });

const body = { pairs: { genuine, impostors }, groups: { ...ROUND, eyes: EYES, rounds } };
console.log(JSON.stringify(body, null, 2));
await keep(
  values.out,
  {
    kind: "photos",
    model: await releasedModel(modelFolder(DEFAULT_MODEL)),
    command: `npx tsx bench/ownPhotos.ts lfw/ --data DATA --pairs ${values.pairs} --rounds ${values.rounds} --out results/own-photos.json`,
    data: "LFW View 1 (pairsDevTrain.txt), whole photos; composed groups of 12 megapixels",
  },
  body,
);
