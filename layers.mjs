/**
 * Who may import whom. `wings` is the order of src/: a wing uses only those that it lists, all of them above it.
 * `rooms` holds the folders of each wing, and which of its own wing a room may use. A room of another wing is
 * entered by its index.ts. dependency-cruiser enforces both tables, and nothing else repeats them.
 */
export const wings = {
  base: [], // knows nothing of faces
  math: ["base"],
  matching: ["base", "math"], // rows of numbers: compare, score, search
  faces: ["base", "math", "matching"], // from a photo to an aligned face
  nets: ["base", "math", "matching", "faces"], // from an aligned face to features, and how nets learn
  people: ["base", "math", "matching", "faces", "nets"], // answers about people
  lab: ["base", "math", "matching", "faces", "nets", "people"], // the paper's claims, measured and drawn
  serve: ["base", "math", "matching", "faces", "nets", "people", "lab"],
  cli: ["base", "math", "matching", "faces", "nets", "people", "lab", "serve"],
};

export const rooms = {
  base: {
    errors: [],
    names: ["errors"], // of people and pictures: one name, however it was typed
    random: ["errors"],
    bits: [], // words of 32 bits
    text: [], // numbers, durations and lists as people read them
    progress: [], // how far a long computation is, and how it is stopped
    safetensors: ["errors"], // the format
    threads: [], // starts the worker beside a file
    files: ["errors", "safetensors", "text"], // atomic writes, safetensors files, untrusted archives
  },
  math: {
    linalg: [],
    graph: [],
    session: ["graph"], // what running a graph means, whichever runtime does it
    engine: ["graph", "linalg", "session"],
  },
  matching: {
    features: [],
    match: ["features"],
    files: ["features", "match"],
    probes: ["features"], // classifiers of an attribute or a person on frozen features
    protocols: ["features", "match"],
    search: [], // bits only
    cluster: ["features", "match"], // who is who among unknown faces
    map: ["features"], // faces as points of a plane
  },
  faces: {
    image: [],
    pictureFiles: ["image"], // decode, encode
    face: ["image"],
    synthetic: ["image", "face"],
    data: ["image", "pictureFiles", "face", "synthetic"],
    lbp: ["image", "face"], // another source of features: no nets
    locate: ["image", "face"], // photo -> boxes, scores, five landmarks
    detectors: ["image", "pictureFiles", "face", "locate"],
  },
  nets: {
    net: [],
    models: ["net"], // released models in folders
    train: ["net", "models"],
  },
  people: {
    answers: [], // questions, answers and verdicts, as plain values
    browser: ["answers"], // the recognizer of a page
    gallery: [], // people and their faces: kept, found, erased
    recognizer: ["answers", "gallery"], // photo in, answer out
    work: ["gallery", "recognizer"], // imports as jobs that several machines share
  },
  lab: {
    studies: [], // no nets, no files
    paper: ["studies"], // its printed numbers, and ours beside them
    report: ["studies", "paper"], // types only
    results: [], // the files of results/: one schema, and which are stale
    inspection: ["report"], // what a file or folder of this program is
    experiments: ["studies", "paper", "report", "results"], // from models and faces to pages: study, reproduction, demo
    bench: [], // times what people wait for
  },
  serve: {
    service: [], // the API
    "studio-api": ["service"], // what the studio's pages ask beside it
  },
};

/**
 * Rooms that may use Node: its modules, and packages that do. All others also run in a browser, and import, but for
 * types, only rooms that do. The command line uses Node, too.
 */
export const nodeRooms = {
  base: ["threads", "files"],
  math: ["engine"],
  matching: ["files", "search"],
  faces: ["pictureFiles", "data", "lbp", "detectors"],
  nets: ["models", "train"],
  people: ["gallery", "recognizer", "work"],
  lab: ["results", "inspection", "experiments", "bench"],
  serve: ["service", "studio-api"],
};

/** Packages that run in a browser, too: all that other rooms may import. */
export const browserPackages = [
  "@bufbuild/protobuf",
  "@observablehq/plot",
  "@petamoriken/float16",
  "linkedom",
  "ml-matrix",
  "onnxruntime-common",
  "onnxruntime-web",
  "umap-js",
  "zod",
];
