/** What a file of results holds: a head, the same for all, and beside it the numbers of its kind. */
import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits");

/** Where a result comes from. */
export const ResultHeadSchema = z.object({
  kind: z.enum([
    "tables",
    "reproduction",
    "verification",
    "identification",
    "blufr",
    "codes",
    "groups",
    "video",
    "regions",
    "studies",
    "study",
    "attributes",
    "ablation",
    "speed",
    "durability",
    "detection",
    "photos",
    "training",
  ]),
  /** The model measured: its name, and what its nets are; null where no released model takes part. */
  model: z.object({ name: z.string(), nets: sha256 }).nullable(),
  /** Renews the result. Paths are those of the repository, or names alone. */
  command: z.string().min(1),
  /** What was measured on. */
  data: z.string(),
  date: z.iso.date(),
  /** Why it does not speak of the released model; a reader must be told. */
  stale: z.string().optional(),
});

export type ResultHead = z.infer<typeof ResultHeadSchema>;
export type ResultKind = ResultHead["kind"];

/** An accuracy: a share and the standard error of its ten folds. */
export const Score = z.looseObject({
  accuracy: z.looseObject({ mean: z.number(), standardError: z.number() }),
});
const Regions = z.array(Score.extend({ name: z.string() }));
const Baseline = z.looseObject({ tables: z.looseObject({ regions: Regions }) }).nullish();

/** Nets of the regions beside those of DeepID2 (Figure 3). */
export const RegionNets = z.looseObject({ tables: z.looseObject({ regions: Regions }), baseline: Baseline });

const Spread = z.looseObject({ mean: z.number(), deviation: z.number() });
const OpenSet = z.looseObject({
  detection: z.array(z.looseObject({ falseAlarmRate: z.number(), rate: Spread })),
});

/** Who is it, if anyone (Table 3). */
export const Identification = z.looseObject({
  closed: z.looseObject({ rank1: Spread }),
  openMany: OpenSet,
});

/** The paper's tables by one system of nets. */
export const Tables = z.looseObject({
  system: z.looseObject({ trainedOn: z.looseObject({ people: z.number(), pictures: z.number() }) }),
  tables: z.looseObject({
    nets: z.number(),
    combined: Score,
    single: Score,
    regions: Regions,
    binary: z
      .array(z.looseObject({ nets: z.number(), jointBayesian: Score.nullable(), hamming: Score }))
      .min(1),
  }),
  baseline: Baseline,
});

const FindingSchema = z.looseObject({
  study: z.string(),
  claim: z.string(),
  where: z.string(),
  holds: z.boolean().nullable(),
  verdict: z.string(),
  numbers: z.array(z.looseObject({ what: z.string(), paper: z.string().optional(), ours: z.string() })),
});

/** What studies have found. */
export const Findings = z.looseObject({ findings: z.array(FindingSchema) });

const Codes = z.looseObject({
  systems: z
    .array(
      z.looseObject({
        name: z.string(),
        real: Score,
        binary: z.array(z.looseObject({ jointBayesian: Score, hamming: Score })).min(1),
      }),
    )
    .min(1),
});

const Verdicts = z.looseObject({ same: z.number(), "probably the same": z.number(), refused: z.number() });
const Named = z.looseObject({ known: z.number(), named: z.number(), misnamed: z.number() });
/** What is said of whole photos. */
const Photos = z.looseObject({
  pairs: z.looseObject({ genuine: Verdicts, impostors: Verdicts }),
  groups: z.looseObject({ rounds: z.array(Named) }),
});

const Anything = z.looseObject({});
/** One half of the kills: they are long, and made apart. */
const Kills = z.looseObject({ kills: z.number(), command: z.string(), date: z.iso.date() });

/** What stands beside the head, by kind. Kinds that no program reads are free. */
const BODIES = {
  tables: Tables,
  reproduction: z.looseObject({ tables: Tables, studies: Findings }),
  verification: Score,
  identification: z.union([Identification, z.looseObject({ identification: Identification })]),
  blufr: z.looseObject({ verification: z.array(Anything), openSet: OpenSet }),
  codes: Codes,
  groups: z.looseObject({ groups: z.array(z.looseObject({ group: z.string() })) }),
  video: Score,
  regions: RegionNets,
  studies: Findings,
  study: Anything,
  attributes: z.looseObject({ attributes: z.array(Anything) }),
  ablation: Anything,
  speed: Anything,
  durability: z.looseObject({ training: Kills, service: Kills }),
  training: z.looseObject({ runs: z.array(z.looseObject({ run: z.string(), came: z.string() })) }),
  photos: Photos,
  detection: z.looseObject({ real: z.array(Anything), drawn: z.array(Anything), groups: z.array(Anything) }),
} as const satisfies Record<ResultKind, z.ZodType>;

/** The whole schema of files of one kind. */
export const schemaOf = <K extends ResultKind>(kind: K): (typeof BODIES)[K] => BODIES[kind];

/** A file of results: `result` is its head. */
export interface Result {
  readonly result: ResultHead;
  readonly [name: string]: unknown;
}
