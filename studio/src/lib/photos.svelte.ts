/** Photos of people to aligned faces: found by the service, chosen by whoever asks where there are several. */
import { type Answer, api } from "./api.ts";
import type { FoundFaces } from "./found.ts";
import { base64Of, type Chosen, chosen, chosenFrom, isFrame } from "./pictures.ts";

/** What the service takes at most. */
const MOST_BYTES = 10 * 2 ** 20;

type Found = Pick<Answer<"locate">["faces"][number], "unfit" | "crop" | "box" | "cutOff">;

/** A photo with several faces, which waits for somebody to choose one. */
export interface Waiting {
  readonly name: string;
  /** Where the page can show the photo from. */
  readonly url: string;
  readonly picture: FoundFaces["picture"];
  readonly faces: readonly Found[];
  readonly choose: (face: Found | undefined) => void;
}

let waiting = $state.raw<Waiting>();
/** What WhichFace shows. */
export const waitingNow = (): Waiting | undefined => waiting;

/** Refuses what the service would not take. */
export function checkSize({ name, size }: File): void {
  if (size > MOST_BYTES) {
    const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    throw new Error(`${name} has ${megabytes(size)} MB; pictures may have ${megabytes(MOST_BYTES)} MB.`);
  }
  if (size === 0) throw new Error(`${name} is empty.`);
}

/** The aligned face in `file`, undefined where nobody chose one of several. `here`: it must not leave this page. */
export async function faceFrom(file: File, here = false): Promise<Chosen | undefined> {
  const { name } = file;
  checkSize(file);
  if (await isFrame(file)) return chosenFrom(file, name);
  const found = here ? await facesHere(file) : await facesOfService(file);
  const { faces } = found;
  if (faces.length === 0) throw new Error(`${name}: no face was found.`);
  const fit = faces.filter(({ unfit }) => unfit === null);
  if (fit.length === 0)
    throw new Error(`${name}: ${faces[0].unfit?.replace("face-", "the face is ").replaceAll("-", " ")}.`);
  const face = faces.length === 1 ? fit[0] : await ask(file, found);
  return face && chosen(name, face.crop!, face.cutOff);
}

async function facesOfService(file: File): Promise<FoundFaces> {
  return api.locate({ image: await base64Of(file), crops: true });
}

async function facesHere(file: File): Promise<FoundFaces> {
  return (await import("../browser/recognise.ts")).locateHere(file, file.name);
}

/** One question after the other: photos may come many at a time. */
let before: Promise<unknown> = Promise.resolve();
/** Grows with every page that is left: what it still had to ask is not asked. */
let left = 0;

/** Answers everything that waits with "none of them". */
export function forgetQuestions(): void {
  left++;
  waiting?.choose(undefined);
}

function ask(file: File, { picture, faces }: FoundFaces): Promise<Found | undefined> {
  const asked = left;
  const answered = before.then(
    () =>
      new Promise<Found | undefined>((resolve) => {
        if (asked !== left) return resolve(undefined);
        const url = URL.createObjectURL(file);
        waiting = {
          name: file.name,
          url,
          picture,
          faces,
          choose(face) {
            waiting = undefined;
            URL.revokeObjectURL(url);
            resolve(face);
          },
        };
      }),
  );
  before = answered;
  return answered;
}
