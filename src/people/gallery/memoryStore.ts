/** A gallery that lives as long as its process: for tests, demos and one-off comparisons. */
import { InputError } from "../../base/errors/index.ts";
import { checkedFaces, checkedName, checkMerge, checkSettings, nameTaken, unknownFace } from "./check.ts";
import { contentKey } from "./content.ts";
import { type KeptFace, MemoryReader } from "./memoryReader.ts";
import type {
  GalleryStore,
  KeptRemoval,
  NewFace,
  Person,
  PersonKey,
  Removal,
  Sameness,
  StoreSettings,
} from "./store.ts";

/** An empty gallery in memory. */
export function createMemoryStore(settings: StoreSettings): GalleryStore {
  checkSettings(settings);
  return new MemoryStore(settings);
}

class MemoryStore extends MemoryReader implements GalleryStore {
  #lastPerson = 0;
  #lastFace = 0;

  async load(): Promise<void> {}

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
    this.kept.push(kept);
    return kept.id;
  }

  #isThere(face: NewFace, sameness: Sameness, i: number): boolean {
    if ("field" in sameness) {
      const { field } = sameness;
      return this.kept.some(({ fields }) => fields[field] === face.fields?.[field]);
    }
    const key = contentKey(face);
    return this.kept.filter((kept) => contentKey(kept) === key).length >= sameness.nth[i];
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const to = checkedName(given);
    const { id, name } = await this.known(who);
    if (name !== to && this.idByName.has(to)) throw nameTaken(to);
    this.idByName.delete(name);
    this.idByName.set(to, id);
    this.nameById.set(id, to);
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    const { id: from, name } = await this.known(who);
    const { id: to } = await this.known(into);
    checkMerge(name, from, to);
    const moved = this.facesIn(from).length;
    this.kept = this.kept.map((face) => (face.person === from ? { ...face, person: to } : face));
    this.#forget(name);
    return moved;
  }

  async moveFace(id: number, given: string): Promise<Person> {
    const to = checkedName(given);
    const face = this.kept.find((kept) => kept.id === id);
    if (!face) throw unknownFace(id);
    const person = this.#personFor(to);
    this.kept = this.kept.map((kept) => (kept === face ? { ...kept, person } : kept));
    if (this.facesIn(face.person).length === 0) this.#forget(this.nameById.get(face.person)!);
    return this.known(person);
  }

  async removePerson(who: PersonKey): Promise<Removal> {
    const { id, name } = await this.known(who);
    return this.#take(this.facesIn(id), name);
  }

  async removeFace(id: number): Promise<Removal> {
    const face = this.kept.find((kept) => kept.id === id);
    if (!face) throw unknownFace(id);
    return this.#take([face], this.nameById.get(face.person)!);
  }

  async rekey(): Promise<never> {
    throw new InputError("memory: a gallery in memory ends with its process; open another with the new key");
  }

  async close(): Promise<void> {
    this.kept = [];
    this.idByName.clear();
    this.nameById.clear();
  }

  #personFor(name: string): number {
    const known = this.idByName.get(name);
    if (known !== undefined) return known;
    this.idByName.set(name, ++this.#lastPerson);
    this.nameById.set(this.#lastPerson, name);
    return this.#lastPerson;
  }

  #forget(name: string): void {
    this.nameById.delete(this.idByName.get(name)!);
    this.idByName.delete(name);
  }

  #take(gone: readonly KeptFace[], person: string): Removal {
    const taken = new Set(gone);
    this.kept = this.kept.filter((face) => !taken.has(face));
    const personId = this.idByName.get(person)!;
    const personRemoved = this.facesIn(personId).length === 0;
    if (personRemoved) this.#forget(person);
    for (const { code, vector, thumbnail } of gone) {
      for (const part of [code, vector, thumbnail]) part?.fill(0);
    }
    const kept: KeptRemoval = {
      receipt: this.removals.length + 1,
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
    this.removals.push(kept);
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
