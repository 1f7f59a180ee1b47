/**
 * A gallery of people: faces come as features, are kept as binary codes and Joint Bayesian coordinates, and are found
 * by Hamming distance first and the exact likelihood ratio after.
 * Paper: Section 5 (binary codes); Chen et al., ECCV 2012 (Joint Bayesian).
 */
import { InputError } from "../../base/errors/index.ts";
import { unknownPerson } from "./check.ts";
import type { Fields, Filter } from "./filter.ts";
import {
  type FaceMatch,
  type GalleryParts,
  type GallerySearchOptions,
  identifyPerson,
  type PersonMatch,
  searchFaces,
} from "./identify.ts";
import { createProjection, type GalleryModel, storedName } from "./projection.ts";
import { type GallerySample, type SampleOptions, sampleGallery } from "./sampled.ts";
import { createSealer, noSealer, type Sealer } from "./seal.ts";
import type {
  Damage,
  GalleryStore,
  HeldStatus,
  KeptRemoval,
  MemoryOptions,
  NewFace,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  Removal,
  StoreSettings,
} from "./store.ts";

/** A face to be registered. */
export interface FaceToKeep {
  readonly person: string;
  /** [dimension] of the model. */
  readonly features: Float32Array;
  /** An encoded picture, kept only if it is given. */
  readonly thumbnail?: Uint8Array;
  readonly fields?: Fields;
}

/** A face that is kept, without its numbers. */
export interface Face {
  readonly id: number;
  readonly fields: Fields;
}

/** What a removal has erased; to be kept by whoever has to prove it. */
export interface Receipt extends Removal {
  /** Where it was erased. */
  readonly place: string;
  readonly model: string;
}

export interface GalleryOptions {
  /** 32 bytes; vectors and thumbnails are then kept encrypted. */
  readonly key?: Uint8Array;
  /** Keep codes only: 64 bytes a face for 512 neurons, and no Joint Bayesian scores. */
  readonly codesOnly?: boolean;
  /** Told of each face, once, that searches leave out because it was damaged, and why. */
  readonly onDamage?: (damage: Damage) => void;
}

export interface OpenOptions extends GalleryOptions {
  /** Whether a gallery is made where there is none (the default), or that is refused. */
  readonly create?: boolean;
  /** What may be held in memory of a gallery in PostgreSQL; default: nothing, it is searched on its servers. */
  readonly memory?: MemoryOptions;
  /** For a gallery in PostgreSQL with pgvector: whether searches may miss some of the nearest; see approximatePostgres. */
  readonly approximate?: boolean;
}

export interface Gallery {
  /** Keeps faces, making people as they are named; the ids of the faces. All or none, durable when it resolves. */
  register(faces: readonly FaceToKeep[]): Promise<number[]>;
  /** People and faces; of those faces alone that meet `filter`, and the people who have one. */
  count(filter?: Filter): Promise<{ people: number; faces: number }>;
  /** What this process holds in memory of a gallery in PostgreSQL; undefined where it holds nothing of one. */
  held(): Promise<HeldStatus | undefined>;
  people(page?: Page): Promise<Person[]>;
  person(who: PersonKey): Promise<Person | undefined>;
  /** Whose a face is now; undefined where it is not there. */
  personOf(face: number): Promise<Person | undefined>;
  /** The faces of a person, by id. */
  faces(who: PersonKey): Promise<Face[]>;
  thumbnail(face: number): Promise<Uint8Array | undefined>;
  /** The faces most like `features`: by likelihood ratio, or by distance alone in a gallery of codes. */
  search(features: Float32Array, options?: GallerySearchOptions): Promise<FaceMatch[]>;
  /**
   * The people most like the one whom all of `probes` show. Whether the first is that person at all is for a
   * threshold on the score to say.
   */
  identify(probes: readonly Float32Array[], options?: GallerySearchOptions): Promise<PersonMatch[]>;
  /** Faces as numbers, for a map: all, or those of people drawn at random up to `most` faces. */
  sample(options: SampleOptions): Promise<GallerySample>;
  rename(who: PersonKey, to: string): Promise<void>;
  /** Gives the faces of `who` to `into`; how many. */
  merge(who: PersonKey, into: PersonKey): Promise<number>;
  /** Gives one face to the person called `to`, who is made if new, and forgets whose last face it was; the person. */
  moveFace(face: number, to: string): Promise<Person>;
  /** Receipts of removals that were made, the newest first, without names. */
  receipts(page?: ReceiptPage): Promise<KeptRemoval[]>;
  receipt(id: number): Promise<KeptRemoval | undefined>;
  remove(who: PersonKey): Promise<Receipt>;
  removeFace(face: number): Promise<Receipt>;
  close(): Promise<void>;
}

/** A gallery beside its store. */
export interface StoredGallery extends Gallery {
  readonly store: GalleryStore;
  /** Keeps those faces whose value in `field` no face has yet; how many. Twice the same, or at the same time, is once. */
  registerMissing(faces: readonly FaceToKeep[], field: string): Promise<number>;
}

/** What a store for `model` must be made for. */
export function settingsFor(model: GalleryModel, options: GalleryOptions = {}): StoreSettings {
  const { codeBytes, dimension } = createProjection(model, options);
  return { model: storedName(model), codeBytes, dimension, keyCheck: sealerFor(options).check };
}

const sealerFor = ({ key }: GalleryOptions): Sealer => (key ? createSealer(key) : noSealer);

/** A gallery over `store`, whose settings must be `settingsFor(model, options)`. */
export function createGallery(
  store: GalleryStore,
  model: GalleryModel,
  options: GalleryOptions = {},
): StoredGallery {
  const projection = createProjection(model, options);
  const sealer = sealerFor(options);
  const receipt = (removal: Removal): Receipt => ({
    ...removal,
    place: store.place,
    model: store.settings.model,
  });
  const parts = { store, projection, sealer, onDamage: onceAFace(options.onDamage) };
  return {
    store,
    register: async (faces) => store.add(toKeep(parts, faces)),
    registerMissing: async (faces, field) => store.addMissing(toKeep(parts, faces), { field }),
    count: (filter) => store.count(filter),
    held: async () => store.held?.(),
    people: (page) => store.people(page),
    person: (who) => store.person(who),
    personOf: (face) => personOf(store, face),
    async faces(who) {
      const person = await store.person(who);
      if (!person) throw unknownPerson(who);
      return (await store.facesOf([person.id])).map(({ id, fields }) => ({ id, fields }));
    },
    async thumbnail(face) {
      const kept = await store.thumbnail(face);
      return kept && sealer.open(kept.bytes, "thumbnail", kept.code);
    },
    search: (features, searchOptions) => searchFaces(parts, features, searchOptions),
    identify: (probes, searchOptions) => identifyPerson(parts, probes, searchOptions),
    sample: (sampleOptions) => sampleGallery(parts, sampleOptions),
    rename: (who, to) => store.rename(who, to),
    merge: (who, into) => store.merge(who, into),
    moveFace: (face, to) => store.moveFace(face, to),
    receipts: (page) => store.receipts(page),
    receipt: (id) => store.receipt(id),
    remove: async (who) => receipt(await store.removePerson(who)),
    removeFace: async (face) => receipt(await store.removeFace(face)),
    close: () => store.close(),
  };
}

/** Asks again where the face was given to somebody else than `gone` between the two questions. */
async function personOf(store: GalleryStore, id: number, gone?: number): Promise<Person | undefined> {
  const [face] = await store.faces([id]);
  if (!face || face.person === gone) return undefined;
  return (await store.person(face.person)) ?? personOf(store, id, face.person);
}

/** `tell`, and of each face only the first time. */
function onceAFace(tell: GalleryOptions["onDamage"]) {
  const told = new Set<number | undefined>();
  return (damage: Damage) => {
    if (told.has(damage.face)) return;
    told.add(damage.face);
    tell?.(damage);
  };
}

function toKeep({ projection, sealer }: GalleryParts, faces: readonly FaceToKeep[]): NewFace[] {
  if (!(faces.length >= 1)) throw new InputError("gallery: register needs at least one face, got none");
  const projected = projection.project(faces.map(({ features }) => features));
  return faces.map(({ person, thumbnail, fields }, i) => {
    const { code, vector } = projected[i];
    return {
      person,
      code,
      ...(vector && { vector: sealer.seal(projection.toBytes(vector), "vector", code) }),
      ...(thumbnail && { thumbnail: sealer.seal(thumbnail, "thumbnail", code) }),
      ...(fields && { fields }),
    };
  });
}
