// src/faces/synthetic: people who do not exist, and pictures of them: identity, attributes and nuisance are known exactly.
export { type Attributes, personAttributes, pictureAttributes } from "./attributes.ts";
export { createPerson, type Person } from "./person.ts";
export {
  createPopulation,
  POPULATION_DEFAULTS,
  type Population,
  type PopulationOptions,
  type SyntheticPicture,
} from "./population.ts";
export { type Picture, RENDER_DEFAULTS, type RenderOptions, renderFace } from "./render/face.ts";
export { createShot, type Eyewear, type Shot } from "./shot.ts";
