/** What a gallery in memory is asked: reading changes nothing. */
import { checkNearest, checkPage, checkReceiptPage, keyOf, unknownPerson } from "./check.ts";
import { checkedFilter, type Filter, meets } from "./filter.ts";
import type {
  KeptRemoval,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  StoredFace,
  StoreSettings,
} from "./store.ts";
import { compareText } from "./text.ts";

export interface KeptFace extends StoredFace {
  readonly thumbnail?: Uint8Array;
}

export class MemoryReader {
  readonly kind = "memory";
  readonly place = "memory:";
  readonly settings: StoreSettings;
  protected readonly idByName = new Map<string, number>();
  protected readonly nameById = new Map<number, string>();
  protected kept: KeptFace[] = []; // by id
  protected readonly removals: KeptRemoval[] = [];

  constructor(settings: StoreSettings) {
    this.settings = settings;
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    if (filter.length === 0) return { people: this.idByName.size, faces: this.kept.length };
    const faces = this.kept.filter(({ fields }) => meets(fields, filter));
    return { people: new Set(faces.map(({ person }) => person)).size, faces: faces.length };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return [...this.idByName]
      .filter(([name]) => compareText(name, after) > 0)
      .sort(([a], [b]) => compareText(a, b))
      .slice(0, limit)
      .map(([name, id]) => ({ id, name, faces: this.facesIn(id).length }));
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    const key = keyOf(who);
    const id = typeof key === "number" ? key : this.idByName.get(key);
    const name = id === undefined ? undefined : this.nameById.get(id);
    return id === undefined || name === undefined ? undefined : { id, name, faces: this.facesIn(id).length };
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    const wanted = new Set(people);
    return this.kept.filter(({ person }) => wanted.has(person)).map(withoutThumbnail);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    const wanted = new Set(ids);
    return this.kept.filter(({ id }) => wanted.has(id)).map(withoutThumbnail);
  }

  async valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    const there = new Set(this.kept.map(({ fields }) => fields[field]));
    return [...new Set(values)].filter((value) => there.has(value));
  }

  async thumbnail(id: number) {
    const { thumbnail, code } = this.kept.find((face) => face.id === id) ?? {};
    return thumbnail && code && { bytes: new Uint8Array(thumbnail), code: new Uint8Array(code) };
  }

  async check() {
    return { ...(await this.count()), checksums: "none", damage: [] } as const;
  }

  async *salvage() {
    for (const face of this.kept) yield { ...face, name: this.nameById.get(face.person)! };
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []) {
    const filter = checkNearest(code, k, wanted, this.settings);
    return this.kept
      .filter(({ fields }) => meets(fields, filter))
      .map((face) => ({ face, distance: distance(code, face.code) }))
      .sort((a, b) => a.distance - b.distance || a.face.id - b.face.id)
      .slice(0, k)
      .map(({ face: { id, person }, distance }) => ({
        face: id,
        person: { id: person, name: this.nameById.get(person)! },
        distance,
      }));
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    const { before, limit } = checkReceiptPage(page);
    return this.removals
      .filter(({ receipt }) => receipt < before)
      .reverse()
      .slice(0, limit);
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return this.removals[id - 1];
  }

  protected facesIn(person: number): KeptFace[] {
    return this.kept.filter((face) => face.person === person);
  }

  protected async known(who: PersonKey): Promise<Person> {
    const person = await this.person(who);
    if (!person) throw unknownPerson(who);
    return person;
  }
}

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
