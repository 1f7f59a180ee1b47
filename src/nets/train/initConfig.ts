/** A config to begin with: every entry with its default and what it is. It is read wherever it lies, and needs no import. */
import { extname } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { parseTraining, type Training } from "./config.ts";

/** What the entries are, in the order of the file. */
const ENTRIES: readonly (readonly [keyof Training, string])[] = [
  [
    "net",
    "the net: maps of its four convolutions, neurons of each FC-n, and which FC-n (taps) there are. These are the released net's",
  ],
  [
    "split",
    "people kept from the net, as shares or numbers: matching fit the matcher, validation decide choices and calibrate",
  ],
  ["steps", "mini-batches. More people want more: 20 times through all pictures is a beginning"],
  [
    "pairs",
    "pairs of pictures in a mini-batch, each of one person; memory and the time of a step grow with it",
  ],
  [
    "learningRate",
    "rises over warmup steps to peak, then falls to 0. Lower the peak where losses jump; 0.1 from scratch",
  ],
  ["momentum", "share of a step that goes on into the next"],
  ["weightDecay", "how fast weights shrink that no picture needs"],
  ["lambda", "weight of the verification signal, and the step from which it counts"],
  ["margin", "how often the margin of the verification signal is set anew, and from how many pairs"],
  [
    "augmentation",
    "how pictures are varied: shift in pixels, mirror, light as a share; also scale (0.1), rotation (degrees), erase, blur",
  ],
  ["evaluateEvery", "steps between two measurements on the validation people"],
  ["checkpointSeconds", "seconds between two checkpoints, from which a run resumes"],
  ["seed", "another number draws other people and batches"],
];

/** The text of such a file, as JSON with comments, or as a module, by the ending of `path`. InputError for another ending. */
export function initialConfig(path: string): string {
  const kind = extname(path);
  if (![".json", ".js", ".mjs", ".ts", ".mts"].includes(kind)) {
    throw new InputError(`${path}: a config is a .json, .js, .mjs, .ts or .mts file`);
  }
  const defaults = parseTraining({}, "defaults");
  const lines = ENTRIES.map(([name, what], index) => {
    const comma = kind !== ".json" || index < ENTRIES.length - 1 ? "," : "";
    return `  // ${what}\n  ${JSON.stringify(name)}: ${JSON.stringify(defaults[name]).replaceAll(/([:,])/g, "$1 ")}${comma}`;
  });
  const head =
    "// A training run: deepid train THIS --images people/ --out run. What is left out has the value it has here.";
  const body = `{\n${lines.join("\n")}\n}`;
  return kind === ".json" ? `${head}\n${body}\n` : `${head}\nexport default ${body};\n`;
}
