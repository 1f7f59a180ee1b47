/**
 * Who is enrolled and who is looked for: lists drawn by seed. Those behind the published numbers were never released;
 * these have their sizes, not their members.
 */
import { InputError } from "../../base/errors/index.ts";
import { createRng, type Rng, shuffle } from "../../base/random/index.ts";
import { rowsByPerson } from "../features/index.ts";

/** Rows of a set. */
type Rows = readonly number[];

/** In the manner of Best-Rowden et al. (TIFS 2014). */
export interface IdentificationLists {
  readonly closed: { readonly gallery: Rows; readonly probes: Rows };
  /** One face of each known person is enrolled, their others are looked for. */
  readonly openSingle: { readonly gallery: Rows; readonly genuine: Rows; readonly impostors: Rows };
  /** The other way round: all but one face of each known person are enrolled. */
  readonly openMany: { readonly gallery: Rows; readonly genuine: Rows; readonly impostors: Rows };
}

export interface IdentificationSizes {
  /** Known people, of two faces or more. */
  readonly people: number;
  /** All their faces, to 1 %. */
  readonly faces: number;
  /** People of the closed set's gallery: the known ones and people of a single face. */
  readonly gallery: number;
}

/** LFW's: 596 people of 3,739 faces; 4,249 in the gallery, 3,143 probes; 9,494 impostors. */
export const IDENTIFICATION_SIZES = {
  people: 596,
  faces: 3739,
  gallery: 4249,
} as const satisfies IdentificationSizes;

const TOLERANCE = 0.01;
const TRIES = 20_000;

export interface DrawOptions extends Partial<IdentificationSizes> {
  /** These are known people if they have two faces; the rest is drawn. Best-Rowden's are thought to be in YouTube Faces. */
  readonly preferred?: ReadonlySet<string>;
  readonly seed: number;
}

/** Draws the lists from the people of `identities` [rows]. */
export function drawIdentificationLists(
  identities: readonly string[],
  options: DrawOptions,
): IdentificationLists {
  const { people, faces, gallery, preferred, seed } = { ...IDENTIFICATION_SIZES, ...options };
  const rng = createRng(seed).fork("identification");
  const rowsOf = rowsByPerson(identities);
  const known = drawKnown(rowsOf, { people, faces, preferred }, rng);
  const singles = [...rowsOf.values()].filter((rows) => rows.length === 1).map(([row]) => row);
  const others = gallery - people;
  if (!(others >= 0 && others <= singles.length)) {
    throw new InputError(
      `identification: a gallery of ${gallery} needs ${others} people of one face, got ${singles.length}`,
    );
  }
  const enrolled = known.map((person) => shuffle(rowsOf.get(person)!, rng));
  const first = enrolled.map(([row]) => row);
  const rest = enrolled.flatMap(([, ...rows]) => rows);
  const isKnown = new Set(known);
  const impostors = [...identities.keys()].filter((row) => !isKnown.has(identities[row]));
  if (!(impostors.length >= 1))
    throw new InputError("identification: everyone is known, nobody is an impostor");
  return {
    closed: {
      gallery: [...first, ...shuffle(singles, rng).slice(0, others)].sort(rising),
      probes: rest.sort(rising),
    },
    openSingle: { gallery: [...first].sort(rising), genuine: rest, impostors },
    openMany: { gallery: rest, genuine: [...first].sort(rising), impostors },
  };
}

/** So many people with so many faces in all, the preferred ones first; draws until the number of faces fits. */
function drawKnown(
  rowsOf: ReadonlyMap<string, Rows>,
  { people, faces, preferred }: Omit<IdentificationSizes, "gallery"> & Pick<DrawOptions, "preferred">,
  rng: Rng,
): string[] {
  const able = [...rowsOf.keys()].filter((person) => rowsOf.get(person)!.length >= 2).sort();
  const sure = shuffle(
    able.filter((person) => preferred?.has(person)),
    rng,
  ).slice(0, people);
  const isSure = new Set(sure);
  const rest = able.filter((person) => !isSure.has(person));
  if (!(able.length >= people && people >= 1)) {
    throw new InputError(`identification: needs ${people} people of two faces or more, got ${able.length}`);
  }
  const count = (list: readonly string[]) =>
    list.reduce((sum, person) => sum + rowsOf.get(person)!.length, 0);
  const wanted = faces - count(sure);
  for (let tries = 0; tries < TRIES; tries++) {
    const drawn = draw(rest, people - sure.length, rng);
    if (Math.abs(count(drawn) - wanted) <= TOLERANCE * faces) return [...sure, ...drawn].sort();
  }
  throw new InputError(
    `identification: no draw of ${people} people came to ${faces} faces; ${able.length} people of two faces or more have ${count(able)}`,
  );
}

/** In the manner of BLUFR (Liao, Lei, Yi and Li, IJCB 2014). */
export interface BlufrTrial {
  /** People to learn from, if anything is to be learned from this set. */
  readonly training: Rows;
  /** All faces of the test people: each against each. */
  readonly test: Rows;
  readonly gallery: Rows;
  readonly genuine: Rows;
  readonly impostors: Rows;
}

export interface BlufrSizes {
  /** People set aside for training. */
  readonly training: number;
  /** People of the test set enrolled, of two faces or more, one face each. */
  readonly gallery: number;
}

/** LFW's: 1,500 of 5,749 people are set aside, and 1,000 of the other 4,249 enrolled. */
export const BLUFR_SIZES = { training: 1500, gallery: 1000 } as const satisfies BlufrSizes;

/** Draws one trial from the people of `identities` [rows]. */
export function drawBlufrTrial(
  identities: readonly string[],
  options: Partial<BlufrSizes> & { readonly seed: number },
): BlufrTrial {
  const { training, gallery, seed } = { ...BLUFR_SIZES, ...options };
  const rng = createRng(seed).fork("BLUFR");
  const rowsOf = rowsByPerson(identities);
  const people = shuffle([...rowsOf.keys()].sort(), rng);
  const [learned, tested] = [people.slice(0, training), people.slice(training)];
  const able = tested.filter((person) => rowsOf.get(person)!.length >= 2);
  if (!(able.length >= gallery && tested.length > gallery && gallery >= 1)) {
    throw new InputError(
      `BLUFR: a gallery of ${gallery} needs as many test people of two faces and one other, got ${able.length} and ${tested.length - able.length}`,
    );
  }
  const enrolled = able.slice(0, gallery).map((person) => shuffle(rowsOf.get(person)!, rng));
  const isEnrolled = new Set(able.slice(0, gallery));
  const all = (list: readonly string[]) => list.flatMap((person) => rowsOf.get(person)!).sort(rising);
  return {
    training: all(learned),
    test: all(tested),
    gallery: enrolled.map(([row]) => row).sort(rising),
    genuine: enrolled.flatMap(([, ...rows]) => rows).sort(rising),
    impostors: all(tested.filter((person) => !isEnrolled.has(person))),
  };
}

/** `count` different items at random, without shuffling all of them. */
function draw<T>(items: readonly T[], count: number, rng: Rng): T[] {
  const left = [...items];
  for (let i = 0; i < count; i++) {
    const j = i + rng.integer(left.length - i);
    [left[i], left[j]] = [left[j], left[i]];
  }
  return left.slice(0, count);
}

const rising = (a: number, b: number) => a - b;
