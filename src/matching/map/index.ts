// src/matching/map: the faces of a set as points of a plane, whose neighbours are those of the features.
export { type FaceMap, MAP_DEFAULTS, MAP_WAYS, type MapOptions, type MapWay, mapFaces } from "./mapFaces.ts";
export { type FaceSample, peopleUpTo, sampleFaces } from "./sample.ts";
export { trustworthiness } from "./trust.ts";
