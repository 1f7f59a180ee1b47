/** Many photos looked at, one after the other: who is on them, and who of the unknown ones is the same. */
import { api, explain, ServiceError, wasAborted } from "./api.ts";
import { forget, look, nameOf, type Seen, type SeenFace } from "./look.ts";

/** One photo of the set. */
export interface PhotoOfSet {
  readonly id: number;
  readonly file: File;
  readonly state: "waiting" | "done" | "failed";
  readonly seen?: Seen;
  readonly problem?: string;
}

/** A face of the set. */
export interface FaceOfSet {
  /** "photo.face": where it is. */
  readonly key: string;
  readonly photo: PhotoOfSet;
  readonly index: number;
  readonly face: SeenFace;
}

/** Unknown faces that are of one person, as far as can be told. */
export interface Group {
  readonly id: string;
  readonly faces: readonly FaceOfSet[];
}

/** Photos that are looked at together: a service has two workers, as a rule. */
const TOGETHER = 2;
/** Longest wait for a busy service, in seconds. */
const MOST_WAIT = 10;
const PICTURE = /\.(?:jpe?g|png|webp|avif|tiff?|gif)$/i;

export class PhotoSet {
  photos = $state.raw<readonly PhotoOfSet[]>([]);
  running = $state(false);
  /** Names typed for groups, by the group's id. */
  names = $state.raw<Readonly<Record<string, string>>>({});
  groups = $state.raw<readonly Group[]>([]);
  grouping = $state(false);
  failure = $state("");
  #stop = new AbortController();
  #next = 0;

  readonly done = $derived(this.photos.filter(({ state }) => state !== "waiting").length);
  readonly faces = $derived(facesOf(this.photos));
  readonly #groupOf = $derived(
    new Map(this.groups.flatMap(({ id, faces }) => faces.map(({ key }): [string, string] => [key, id]))),
  );

  /** Adds photos and looks at them; what is no picture by its name is left out. How many are new. */
  add(files: readonly File[]): number {
    const pictures = files.filter(({ name, type }) => type.startsWith("image/") || PICTURE.test(name));
    const added = pictures.map((file): PhotoOfSet => ({ id: this.#next++, file, state: "waiting" }));
    this.photos = [...this.photos, ...added];
    if (!this.running && added.length > 0) void this.#run();
    return added.length;
  }

  /** Goes on with what was left when it was stopped. */
  resume = (): void => {
    if (!this.running) void this.#run();
  };
  cancel = (): void => this.#stop.abort();

  /** Forgets all photos. */
  clear = (): void => {
    this.cancel();
    for (const { seen } of this.photos) if (seen) forget(seen);
    [this.photos, this.groups, this.names, this.failure] = [[], [], {}, ""];
  };

  /** Gives a group a name, on this page alone. */
  call({ id }: Group, name: string): void {
    this.names = { ...this.names, [id]: name };
  }

  /** What a face is called: by the gallery, or by whoever typed a name for its group. */
  labelOf(key: string, face: SeenFace): string {
    const group = this.#groupOf.get(key);
    const typed = group === undefined ? "" : (this.names[group] ?? "").trim();
    if (typed) return typed;
    const number = this.groups.findIndex(({ id, faces }) => id === group && faces.length > 1);
    return number >= 0 ? `Unknown ${number + 1}` : nameOf(face);
  }

  async #run(): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.running = true;
    this.failure = "";
    const work = async (): Promise<void> => {
      for (let photo = this.#take(); photo && !signal.aborted; photo = this.#take()) {
        await this.#lookAt(photo, signal);
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
    this.#taken.clear();
    if (!signal.aborted) await this.group();
    this.running = false;
  }

  #taken = new Set<number>();
  #take(): PhotoOfSet | undefined {
    const found = this.photos.find(({ id, state }) => state === "waiting" && !this.#taken.has(id));
    if (found) this.#taken.add(found.id);
    return found;
  }

  async #lookAt(photo: PhotoOfSet, signal: AbortSignal): Promise<void> {
    try {
      const seen = await patiently(() => look(photo.file, signal), signal);
      if (!this.#put({ ...photo, state: "done", seen })) forget(seen);
    } catch (error) {
      if (!wasAborted(error)) this.#put({ ...photo, state: "failed", problem: explain(error) });
    }
  }

  /** False: it was taken out meanwhile. */
  #put(changed: PhotoOfSet): boolean {
    const there = this.photos.some(({ id }) => id === changed.id);
    this.photos = this.photos.map((photo) => (photo.id === changed.id ? changed : photo));
    return there;
  }

  /** Groups the faces whom nobody of the gallery is; names that were typed stay with their faces. */
  async group(): Promise<void> {
    const unknown = this.faces.filter(({ face }) => face.answer !== null && face.answer.person === null);
    this.grouping = true;
    try {
      const { groups } = await api.group({ faces: unknown.map(({ face }) => face.features!) });
      const before = new Map([...this.#groupOf].map(([key, id]) => [key, this.names[id] ?? ""]));
      this.groups = groups.map((members) => ({
        id: unknown[members[0]].key,
        faces: members.map((k) => unknown[k]),
      }));
      this.names = Object.fromEntries(
        this.groups.map(({ id, faces }) => [id, faces.map(({ key }) => before.get(key)).find(Boolean) ?? ""]),
      );
    } catch (error) {
      this.failure = explain(error);
    } finally {
      this.grouping = false;
    }
  }

  /** Keeps the faces of a group in the gallery under its name, and looks again who is who. */
  async keep({ id, faces }: Group): Promise<number> {
    const person = (this.names[id] ?? "").trim();
    for (const { face } of faces) {
      await api.register({ person, image: face.crop, aligned: true, thumbnail: true });
    }
    const kept = new Set(faces.map(({ key }) => key));
    const named = (photo: PhotoOfSet): PhotoOfSet =>
      photo.seen
        ? {
            ...photo,
            seen: {
              ...photo.seen,
              faces: photo.seen.faces.map((face, k) =>
                kept.has(`${photo.id}.${k}`) ? nowKnown(face, person) : face,
              ),
            },
          }
        : photo;
    this.photos = this.photos.map(named);
    this.groups = this.groups.filter((group) => group.id !== id);
    return faces.length;
  }
}

/** A face that somebody has said is `person`. */
function nowKnown(face: SeenFace, name: string): SeenFace {
  const answer = face.answer!;
  return {
    ...face,
    answer: { ...answer, person: { id: 0, name }, verdict: "same", explanation: "Named by hand." },
  };
}

const facesOf = (photos: readonly PhotoOfSet[]): FaceOfSet[] =>
  photos.flatMap((photo) =>
    (photo.seen?.faces ?? []).map((face, index) => ({ key: `${photo.id}.${index}`, photo, index, face })),
  );

/** Tries again when a busy service says when. */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const wait =
        error instanceof ServiceError && [429, 503].includes(error.status)
          ? error.retryAfterSeconds
          : undefined;
      if (wait === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * Math.min(MOST_WAIT, wait)));
      signal.throwIfAborted();
    }
  }
}
