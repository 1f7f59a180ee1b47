// src/serve/studio-api: what the studio's pages ask of the service: patterns, neurons, training runs, the paper's claims.
export { type Answer, createStudioClient, type StudioClient } from "./client.ts";
export { STUDIO_ADDRESSES } from "./endpoints.ts";
export { keepPatterns, keptPatterns } from "./keptPatterns.ts";
export { measurePatterns } from "./neurons.ts";
export { openBrowser } from "./openBrowser.ts";
export { STUDIO_OPERATIONS } from "./operations.ts";
export { STUDIO_PEOPLE, syntheticPeople } from "./population.ts";
export { checkRuns, type StudioOptions, studioApi } from "./studio.ts";
