// src/matching/cluster: clusters unknown faces by features and codes, and measures how good clusters are.
export {
  CLUSTER_DEFAULTS,
  type ClusterOptions,
  clusterFaces,
  type FacesToGroup,
  groupsAbove,
  type Join,
  joinFaces,
} from "./clusterFaces.ts";
export { type ClusterQuality, clusterQuality } from "./quality.ts";
