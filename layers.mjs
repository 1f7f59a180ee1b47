/**
 * Who may import whom: each folder of src/ lists every other folder it may use. This table is the only
 * place where that is written; dependency-cruiser enforces it. A folder only uses folders above it.
 */
export const layers = {
  // ground
  errors: [],
  random: ["errors"],
  threads: [], // starts the worker beside a file
  files: ["errors"], // atomic writes, safetensors, untrusted archives
  // numbers
  linalg: ["errors", "random"],
  graph: ["errors"],
  engine: ["errors", "graph", "linalg"],
  // features to answers: rows of numbers and identities, no photos and no nets
  features: ["errors", "random", "files", "linalg"],
  match: ["errors", "random", "files", "linalg", "features"],
  protocols: ["errors", "random", "linalg", "features", "match"],
  search: ["errors", "threads"], // bits only
  gallery: ["errors", "files", "features", "match", "search"], // people and their faces: kept, found, erased
  // photo to features
  image: ["errors"],
  face: ["errors", "image"],
  studies: ["errors", "random", "linalg", "features", "match", "protocols", "image", "face"], // no nets, no files
  synthetic: ["errors", "random", "image", "face"],
  data: ["errors", "random", "files", "image", "face", "synthetic", "protocols", "studies"],
  lbp: ["errors", "files", "image", "face", "features", "linalg"], // another source of features: no nets
  net: ["errors", "random", "files", "linalg", "graph", "engine", "image", "face", "features", "match"],
  train: [
    "errors",
    "threads",
    "random",
    "files",
    "linalg",
    "graph",
    "engine",
    "image",
    "face",
    "data",
    "net",
    "features",
    "match",
    "protocols",
  ],
  locate: ["errors", "threads", "graph", "engine", "image", "face"], // photo -> boxes, scores, five landmarks
  recognizer: [
    "errors",
    "random",
    "files",
    "linalg",
    "engine",
    "image",
    "face",
    "locate",
    "net",
    "features",
    "match",
    "gallery",
    "studies",
  ], // photo in, answer out
  paper: ["errors", "linalg", "features", "match", "protocols", "studies"], // its printed numbers, and ours beside them; of studies types only
  report: ["errors", "protocols", "train", "studies", "paper"], // types only
  // edges
  service: [
    "errors",
    "threads",
    "random",
    "files",
    "image",
    "face",
    "locate",
    "synthetic",
    "net",
    "train",
    "features",
    "match",
    "gallery",
    "recognizer",
    "studies",
    "paper",
    "report",
  ],
  cli: [
    "errors",
    "threads",
    "random",
    "files",
    "linalg",
    "graph",
    "engine",
    "image",
    "face",
    "synthetic",
    "data",
    "lbp",
    "locate",
    "net",
    "recognizer",
    "train",
    "features",
    "match",
    "search",
    "gallery",
    "protocols",
    "studies",
    "paper",
    "report",
    "service",
  ],
};

/** Folders that may import node:*; the rest also runs in a browser. */
export const nodeFolders = [
  "threads",
  "files",
  "engine",
  "image",
  "features",
  "match",
  "search",
  "gallery",
  "data",
  "lbp",
  "locate",
  "net",
  "recognizer",
  "train",
  "service",
  "cli",
];
