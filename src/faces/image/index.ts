// src/faces/image: pictures as plain bytes: mirror, warp, resize. Knows nothing of faces.

export { toGrey } from "./grey.ts";
export { createImage, type Image } from "./image.ts";
export { mirror } from "./mirror.ts";
export { createPyramid, halvingsFor, type Pyramid, warpPyramid } from "./pyramid.ts";
export { type Box, createResampler, type Resampler, resizeRegion, type Size } from "./resize.ts";
export { createGreyResampler, GREY_STEPS, type GreyResampler } from "./resizeGrey.ts";
export { applyTo, invert, type Similarity, scaleOf } from "./similarity.ts";
export { addBilinear, warp } from "./warp.ts";
