/** The default detector in a page: @vladmandic/human, loaded with the first photo, its files from the page's own server. */
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  detectHuman,
  type FaceLocator,
  facesOnPhoto,
  type Human,
  humanCanvas,
  humanSettings,
  LocateTimeout,
} from "../../faces/locate/index.ts";
import { folderOf } from "./download.ts";

/** Where the files of the default detector lie on the page's server. */
export interface HumanFiles {
  /** Folder of `blazeface` and `facemesh`, .json and .bin each, of the package @vladmandic/human (its models/). */
  readonly models: string | URL;
  /** Folder of the .wasm files of the package @tensorflow/tfjs-backend-wasm (its dist/). */
  readonly wasm: string | URL;
}

/** The default detector with its files at these addresses. */
export function humanInPage({ models, wasm }: HumanFiles): FaceLocator {
  let opening: Promise<Human> | undefined;
  let last: Promise<unknown> = Promise.resolve(); // it takes one photo after the other
  const open = () => {
    opening ??= load(folderOf(models).href, folderOf(wasm).href).catch((error) => {
      opening = undefined; // another try may succeed
      throw error;
    });
    return opening;
  };
  return {
    name: "human",
    async locate(photo, { signal, timeoutMs } = {}) {
      const before = last;
      const work = (async () => {
        await before;
        signal?.throwIfAborted();
        const human = await open();
        const canvas = humanCanvas(photo);
        const answer = await within(detectHuman(human, canvas.image), timeoutMs);
        signal?.throwIfAborted();
        if ("error" in answer) throw new Error(`face detector: ${answer.error}`);
        return facesOnPhoto(answer.faces, canvas);
      })();
      last = work.catch(() => {});
      return work;
    },
    release: async () => {
      opening = undefined;
    },
  };
}

async function load(models: string, wasm: string): Promise<Human> {
  const library = await import("@vladmandic/human").catch((cause: Error) => {
    throw new InputError(
      `the default face detector cannot be loaded: it needs the packages @vladmandic/human and @tensorflow/tfjs-backend-wasm (${cause.message})`,
      { cause },
    );
  });
  const { Human } = library as unknown as { Human: new (settings: object) => Human };
  const human = new Human(humanSettings(models, wasm));
  await human.load();
  const missing = ["blazeface", "facemesh"].filter((name) => !human.models.loaded().includes(name));
  if (missing.length > 0)
    throw new DataError(`${models}: no ${missing.join(" and no ")} of the face detector here`);
  return human;
}

/** Resolves as `work` does, or rejects with a LocateTimeout when `timeoutMs` have passed. */
async function within<T>(work: Promise<T>, timeoutMs: number | undefined): Promise<T> {
  if (timeoutMs === undefined) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LocateTimeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
