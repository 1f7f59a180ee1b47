/** The recognizer of a page: photos in, answers out; nothing leaves the page. */
import type { Image } from "../../faces/image/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import {
  type Answer,
  aboutModel,
  codesOf,
  codeText,
  type DecisionChoice,
  decisionOf,
  type Eyes,
  type FaceChoice,
  type FoundFace,
  featuresOf,
  findFace,
  findFaces,
  judgePair,
  judgeRows,
  type ModelAbout,
  nameOf,
  neuronsOf,
  type PairVerdict,
  PICTURE_LIMITS,
  type PictureLimits,
  type Representation,
  sizeOf,
  type VerifyResult,
} from "../answers/index.ts";
import { openPageDetector, type YunetFile } from "./detector.ts";
import { type DownloadOptions, downloads } from "./download.ts";
import { type ModelBytes, openPageModel } from "./model.ts";
import { openPhoto, type PagePhoto } from "./photo.ts";
import { type WebRuntimeOptions, webSessions } from "./webSession.ts";

/** A photo and which face of it is meant. */
export interface PageFace extends FaceChoice {
  readonly photo: PagePhoto;
}

export interface BrowserRecognizerOptions extends WebRuntimeOptions, DownloadOptions {
  /** Address of the folder of a model, or of a system of several nets, or the bytes of a model's files. */
  readonly model: string | URL | ModelBytes;
  /**
   * What finds faces: the default detector of Node, by the address of its folder; a YuNet file; or a detector of your own,
   * which is not released with the recognizer. Without one only aligned pictures and pictures with landmarks can be
   * answered.
   */
  readonly detector?: string | URL | YunetFile | FaceLocator;
  /** What pictures may be. */
  readonly limits?: Partial<PictureLimits>;
}

/** What a recognizer of a page is. */
export interface BrowserRecognizerAbout extends ModelAbout {
  readonly locator: string | null;
}

/** The faces of a photo in a page. */
export interface PageFaces {
  readonly picture: { readonly width: number; readonly height: number };
  /** The largest first, each with its aligned face. */
  readonly faces: readonly FoundFace[];
}

/**
 * Photos in, answers out, the same as those of `openRecognizer` in Node. A picture without the one face that is needed
 * gets a Refusal as its answer. Throws DataError for what is no picture or breaks a limit, InputError for a wrong request.
 * Calls may overlap.
 */
export interface BrowserRecognizer extends AsyncDisposable {
  readonly about: BrowserRecognizerAbout;
  /** Every face of a photo, aligned, with what its quality is. */
  locate(photo: PagePhoto | PageFace, options?: { readonly signal?: AbortSignal }): Promise<PageFaces>;
  /** Features and binary code of the face. */
  represent(
    photo: PagePhoto | PageFace,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Answer<Omit<Representation, "crop">>>;
  /** One person or two? */
  verify(
    a: PagePhoto | PageFace,
    b: PagePhoto | PageFace,
    options?: DecisionChoice & { readonly signal?: AbortSignal },
  ): Promise<Answer<Omit<VerifyResult, "figure">>>;
  /** The verdict on two faces whose features `represent` has given. */
  judge(a: readonly number[], b: readonly number[], options?: DecisionChoice): PairVerdict;
  release(): Promise<void>;
}

/**
 * Opens a recognizer in a page, or in a worker of it. The model, the detector and ONNX Runtime's WebAssembly are read from
 * the addresses given, as a rule of the page's own server; nothing else is fetched, and no photo is sent anywhere.
 *
 * @example
 * const faces = await openBrowserRecognizer({
 *   model: "/models/whole-face-taught/",
 *   detector: "/models/detector/",
 * });
 * const answer = await faces.verify(fileInput.files[0], document.querySelector("img"));
 * console.log(answer.ok ? answer.samePerson : answer.message);
 */
export async function openBrowserRecognizer(options: BrowserRecognizerOptions): Promise<BrowserRecognizer> {
  const { model, detector, limits, signal } = options;
  const stopper = new AbortController();
  const stop = signal ? AbortSignal.any([signal, stopper.signal]) : stopper.signal;
  const download = downloads({ ...options, signal: stop });
  const open = webSessions(options);
  const opened: { release(): Promise<void> }[] = [];
  try {
    const system = await openPageModel(model, download, open);
    opened.push(system);
    stop.throwIfAborted();
    const locator = await openPageDetector(detector, download, open);
    const eyes = { locator, limits: { ...PICTURE_LIMITS, ...limits } };
    return recognizer(system, eyes, locator !== detector);
  } catch (error) {
    stopper.abort(); // one file has failed: the others need not come
    for (const one of opened) await one.release();
    throw error;
  }
}

function recognizer(system: FaceSystem, eyes: Eyes, ownsLocator: boolean): BrowserRecognizer {
  const photoOf = async (face: PageFace) => openPhoto(face.photo, nameOf(face), eyes.limits);
  const find = async (given: PagePhoto | PageFace, index: number, signal?: AbortSignal) => {
    const face = faceOf(given);
    return findFace(eyes, await photoOf(face), face, { index, signal });
  };
  const release = async () => {
    if (ownsLocator) await eyes.locator?.release();
    await system.release();
  };
  return {
    about: { ...aboutModel(system), locator: eyes.locator?.name ?? null },
    async locate(given, { signal } = {}) {
      const face = faceOf(given);
      const photo: Image = await photoOf(face);
      return { picture: sizeOf(photo), faces: await findFaces(eyes, photo, face, { signal }) };
    },
    async represent(given, { signal } = {}) {
      const ready = await find(given, 0, signal);
      if (!ready.ok) return ready;
      const set = await featuresOf(system, [ready.image], signal);
      const code = codeText(codesOf(neuronsOf(system), set).codes);
      return { ok: true, face: ready.face, features: [...set.values], code };
    },
    async verify(a, b, { signal, ...choice } = {}) {
      const decision = decisionOf(system.matcher.calibration, choice); // a rate that cannot be kept is refused first
      const first = await find(a, 0, signal);
      if (!first.ok) return first;
      const second = await find(b, 1, signal);
      if (!second.ok) return second;
      const set = await featuresOf(system, [first.image, second.image], signal);
      const verdict = judgeRows(system.matcher, neuronsOf(system), set, decision);
      return { ok: true, ...verdict, faces: [first.face, second.face] };
    },
    judge: (a, b, choice) => judgePair(system.matcher, neuronsOf(system), [a, b], choice),
    release,
    [Symbol.asyncDispose]: release,
  };
}

const faceOf = (given: PagePhoto | PageFace): PageFace =>
  typeof given === "object" && given !== null && "photo" in given ? given : { photo: given };
