/** A gallery that lives as long as its process: for tests, demos and one-off comparisons. */
import { InputError } from "../../base/errors/index.ts";
import {
  checkedFaces,
  checkedName,
  checkMerge,
  checkNearest,
  checkPage,
  checkReceiptPage,
  checkSettings,
  keyOf,
  nameTaken,
  unknownFace,
  unknownPerson,
} from "./check.ts";
import { contentKey } from "./content.ts";
import { checkedFilter, type Filter, meets } from "./filter.ts";
import type {
  CheckResult,
  GalleryStore,
  Hit,
  KeptRemoval,
  NewFace,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  Rekeyed,
  Removal,
  SalvagedFace,
  Sameness,
  StoredFace,
  StoreSettings,
} from "./store.ts";
import { compareText } from "./text.ts";

interface KeptFace extends StoredFace {
  readonly thumbnail?: Uint8Array;
}

/** An empty gallery in memory. */
export function createMemoryStore(settings: StoreSettings): GalleryStore {
  checkSettings(settings);
  return new MemoryStore(settings);
}

class MemoryStore implements GalleryStore {
  readonly kind = "memory";
  readonly place = "memory:";
  readonly settings: StoreSettings;
  readonly #idByName = new Map<string, number>();
  readonly #nameById = new Map<number, string>();
  #faces: KeptFace[] = []; // by id
  #lastPerson = 0;
  #lastFace = 0;
  readonly #receipts: KeptRemoval[] = [];

  constructor(settings: StoreSettings) {
    this.settings = settings;
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    if (filter.length === 0) return { people: this.#idByName.size, faces: this.#faces.length };
    const faces = this.#faces.filter(({ fields }) => meets(fields, filter));
    return { people: new Set(faces.map(({ person }) => person)).size, faces: faces.length };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return [...this.#idByName]
      .filter(([name]) => compareText(name, after) > 0)
      .sort(([a], [b]) => compareText(a, b))
      .slice(0, limit)
      .map(([name, id]) => ({ id, name, faces: this.#facesIn(id).length }));
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    const key = keyOf(who);
    const id = typeof key === "number" ? key : this.#idByName.get(key);
    const name = id === undefined ? undefined : this.#nameById.get(id);
    return id === undefined || name === undefined ? undefined : { id, name, faces: this.#facesIn(id).length };
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    const wanted = new Set(people);
    return this.#faces.filter(({ person }) => wanted.has(person)).map(withoutThumbnail);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    const wanted = new Set(ids);
    return this.#faces.filter(({ id }) => wanted.has(id)).map(withoutThumbnail);
  }

  async valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    const there = new Set(this.#faces.map(({ fields }) => fields[field]));
    return [...new Set(values)].filter((value) => there.has(value));
  }

  async load(): Promise<void> {}

  async thumbnail(id: number) {
    const { thumbnail, code } = this.#faces.find((face) => face.id === id) ?? {};
    return thumbnail && code && { bytes: new Uint8Array(thumbnail), code: new Uint8Array(code) };
  }

  async add(added: readonly NewFace[]): Promise<number[]> {
    return checkedFaces(added, this.settings).map((face) => this.#insert(face));
  }

  async addMissing(faces: readonly NewFace[], sameness: Sameness): Promise<number> {
    const missing = checkedFaces(faces, this.settings).filter((face, i) => {
      const isMissing = !this.#isThere(face, sameness, i);
      if (isMissing) this.#insert(face);
      return isMissing;
    });
    return missing.length;
  }

  #insert(face: NewFace): number {
    const kept = keep(face, ++this.#lastFace, this.#personFor(face.person));
    this.#faces.push(kept);
    return kept.id;
  }

  #isThere(face: NewFace, sameness: Sameness, i: number): boolean {
    if ("field" in sameness) {
      const { field } = sameness;
      return this.#faces.some(({ fields }) => fields[field] === face.fields?.[field]);
    }
    const key = contentKey(face);
    return this.#faces.filter((kept) => contentKey(kept) === key).length >= sameness.nth[i];
  }

  async check(): Promise<CheckResult> {
    return { ...(await this.count()), checksums: "none", damage: [] };
  }

  async *salvage(): AsyncGenerator<SalvagedFace> {
    for (const face of this.#faces) yield { ...face, name: this.#nameById.get(face.person)! };
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const to = checkedName(given);
    const { id, name } = await this.#known(who);
    if (name !== to && this.#idByName.has(to)) throw nameTaken(to);
    this.#idByName.delete(name);
    this.#idByName.set(to, id);
    this.#nameById.set(id, to);
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    const { id: from, name } = await this.#known(who);
    const { id: to } = await this.#known(into);
    checkMerge(name, from, to);
    const moved = this.#facesIn(from).length;
    this.#faces = this.#faces.map((face) => (face.person === from ? { ...face, person: to } : face));
    this.#forget(name);
    return moved;
  }

  async moveFace(id: number, given: string): Promise<Person> {
    const to = checkedName(given);
    const face = this.#faces.find((kept) => kept.id === id);
    if (!face) throw unknownFace(id);
    const person = this.#personFor(to);
    this.#faces = this.#faces.map((kept) => (kept === face ? { ...kept, person } : kept));
    if (this.#facesIn(face.person).length === 0) this.#forget(this.#nameById.get(face.person)!);
    return this.#known(person);
  }

  async removePerson(who: PersonKey): Promise<Removal> {
    const { id, name } = await this.#known(who);
    return this.#take(this.#facesIn(id), name);
  }

  async removeFace(id: number): Promise<Removal> {
    const face = this.#faces.find((kept) => kept.id === id);
    if (!face) throw unknownFace(id);
    return this.#take([face], this.#nameById.get(face.person)!);
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []): Promise<Hit[]> {
    const filter = checkNearest(code, k, wanted, this.settings);
    return this.#faces
      .filter(({ fields }) => meets(fields, filter))
      .map((face) => ({ face, distance: distance(code, face.code) }))
      .sort((a, b) => a.distance - b.distance || a.face.id - b.face.id)
      .slice(0, k)
      .map(({ face: { id, person }, distance }) => ({
        face: id,
        person: { id: person, name: this.#nameById.get(person)! },
        distance,
      }));
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    const { before, limit } = checkReceiptPage(page);
    return this.#receipts
      .filter(({ receipt }) => receipt < before)
      .reverse()
      .slice(0, limit);
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return this.#receipts[id - 1];
  }

  async rekey(): Promise<Rekeyed> {
    throw new InputError("memory: a gallery in memory ends with its process; open another with the new key");
  }

  async close(): Promise<void> {
    this.#faces = [];
    this.#idByName.clear();
    this.#nameById.clear();
  }

  #facesIn = (person: number) => this.#faces.filter((face) => face.person === person);

  async #known(who: PersonKey): Promise<Person> {
    const person = await this.person(who);
    if (!person) throw unknownPerson(who);
    return person;
  }

  #personFor(name: string): number {
    const known = this.#idByName.get(name);
    if (known !== undefined) return known;
    this.#idByName.set(name, ++this.#lastPerson);
    this.#nameById.set(this.#lastPerson, name);
    return this.#lastPerson;
  }

  #forget(name: string): void {
    this.#nameById.delete(this.#idByName.get(name)!);
    this.#idByName.delete(name);
  }

  #take(gone: readonly KeptFace[], person: string): Removal {
    const taken = new Set(gone);
    this.#faces = this.#faces.filter((face) => !taken.has(face));
    const personId = this.#idByName.get(person)!;
    const personRemoved = this.#facesIn(personId).length === 0;
    if (personRemoved) this.#forget(person);
    for (const { code, vector, thumbnail } of gone) {
      for (const part of [code, vector, thumbnail]) part?.fill(0);
    }
    const kept: KeptRemoval = {
      receipt: this.#receipts.length + 1,
      time: new Date().toISOString(),
      personId,
      personRemoved,
      faces: gone.map(({ id }) => id),
      codes: gone.length,
      vectors: gone.filter(({ vector }) => vector).length,
      thumbnails: gone.filter(({ thumbnail }) => thumbnail).length,
      checks: ["their bytes in memory were overwritten with zeros"],
      pending: [],
    };
    this.#receipts.push(kept);
    return { person, ...kept };
  }
}

const keep = ({ code, vector, thumbnail, fields = {} }: NewFace, id: number, person: number): KeptFace => ({
  id,
  person,
  code: new Uint8Array(code),
  fields: { ...fields },
  ...(vector && { vector: new Uint8Array(vector) }),
  ...(thumbnail && { thumbnail: new Uint8Array(thumbnail) }),
});

const withoutThumbnail = ({ thumbnail: _, ...face }: KeptFace): StoredFace => ({
  ...face,
  code: new Uint8Array(face.code),
  ...(face.vector && { vector: new Uint8Array(face.vector) }),
});

/** Bits in which two codes differ. */
function distance(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) for (let rest = a[i] ^ b[i]; rest; rest &= rest - 1) bits++;
  return bits;
}
