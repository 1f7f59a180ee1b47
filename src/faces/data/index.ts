// src/faces/data: people's pictures from CelebA, LFW or a folder, aligned once into a cache; splits and pairs of them.
export { type AlignedPicture, type AlignOptions, alignEach, eachAligned } from "./alignEach.ts";
export {
  type AlignedFaces,
  type FaceRows,
  facesInMemory,
  facesOfPeople,
  facesOfRows,
  loadRegion,
  mirroredFaces,
  readRows,
} from "./alignedFaces.ts";
export { readAttributes } from "./attributesFile.ts";
export { type CachedFaces, type CacheOptions, openAlignedFaces } from "./cache.ts";
export { type CelebAOptions, openCelebA } from "./celebA.ts";
export { facePng, faceUri } from "./facePicture.ts";
export { peopleByAttribute } from "./groups.ts";
export { joinFaces } from "./joinFaces.ts";
export { readLandmarks } from "./landmarkFile.ts";
export { type LfwOptions, openLfw } from "./lfw.ts";
export { MAKE_PAIRS_DEFAULTS, type MakePairsOptions, makePairs } from "./makePairs.ts";
export { readOccluders } from "./occluders.ts";
export {
  type OpenFaces,
  openAligned,
  openSets,
  openSource,
  openSynthetic,
  SET_KINDS,
  type SetChoice,
} from "./openFaces.ts";
export {
  type Exclusions,
  excludePairs,
  type PairsFile,
  pairsAmong,
  picturesIn,
  readExclusions,
  readPairs,
  rowsOfPairs,
} from "./pairsFile.ts";
export { type FaceFinder, openPeople, type PeopleOptions } from "./people.ts";
export { readPeople } from "./peopleFile.ts";
export { openPhotos, type PhotoFile, type PhotoSet } from "./photos.ts";
export type { FaceSource, PassedOver, SourcePicture } from "./source.ts";
export {
  type PeopleSplit,
  rowsOf,
  SPLIT_DEFAULTS,
  type SplitOptions,
  splitPeople,
} from "./split.ts";
export {
  SYNTHETIC_DEFAULTS,
  type SyntheticFaces,
  type SyntheticOptions,
  syntheticFaces,
} from "./synthetic/syntheticFaces.ts";
export {
  openYoutubeFaces,
  peopleInVideos,
  readVideoPairs,
  videosIn,
  YOUTUBE_FACES_DEFAULTS,
  type YoutubeFacesOptions,
} from "./youtubeFaces.ts";
