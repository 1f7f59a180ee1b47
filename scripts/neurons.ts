/**
 * `npx tsx scripts/neurons.ts [MODEL]`: runs the studio's synthetic people through a model (default: the released one)
 * and keeps their patterns beside it, so that the studio's page of neurons opens at once. Anew after each training.
 */
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openRecognizer } from "../src/people/recognizer/index.ts";
import {
  keepPatterns,
  measurePatterns,
  STUDIO_PEOPLE,
  syntheticPeople,
} from "../src/serve/studio-api/index.ts";

const model = process.argv[2] ?? "models/whole-face-taught";
const recognizer = await openRecognizer({ model, threads: 1 });
try {
  const { codeBits, fingerprint } = recognizer.about;
  const drawn = createPopulation(STUDIO_PEOPLE);
  const people = syntheticPeople((identity) =>
    Promise.all(
      Array.from({ length: STUDIO_PEOPLE.picturesPerPerson }, (_, index) => {
        const { image, landmarks } = drawn.picture(identity, index);
        return encodePng(alignFace(image, landmarks));
      }),
    ),
  );
  const patternOf = async (bytes: Uint8Array) => {
    const answer = await recognizer.represent({ photo: bytes, aligned: true });
    if (!answer.ok) throw new Error(answer.message);
    return answer.features.slice(0, codeBits);
  };
  const set = await measurePatterns(people, patternOf, (count) => {
    if (count % 24 === 0) console.log(`${count} pictures`);
  });
  await keepPatterns(model, fingerprint, set);
} finally {
  await recognizer.release();
}
