// src/matching/cluster: who is who among unknown faces: groups by features and codes, and how good groups are.
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
