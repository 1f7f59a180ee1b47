// src/people/gallery: people and their faces, kept as codes and vectors, found again, and erased. Knows features, never photos or nets.
export { type Condition, checkedFilter, type Fields, type FieldValue, type Filter } from "./filter.ts";
export { filterText, parseCondition, parseField } from "./filterText.ts";
export {
  createGallery,
  type Face,
  type FaceToKeep,
  type Gallery,
  type GalleryOptions,
  type OpenOptions,
  type Receipt,
  type StoredGallery,
  settingsFor,
} from "./gallery.ts";
export {
  type FaceMatch,
  GALLERY_SEARCH_DEFAULTS,
  type GallerySearchOptions,
  type PersonMatch,
} from "./identify.ts";
export {
  approximateText,
  checkText,
  clusterText,
  contentText,
  damageLine,
  damageSkipped,
  movesText,
  receiptsText,
  receiptText,
} from "./inWords.ts";
export { createMemoryStore } from "./memoryStore.ts";
export {
  type ChangedOver,
  type ChangeStatus,
  type LackingRange,
  ModelChanged,
  type NextModel,
  type WithoutPicture,
} from "./modelChange.ts";
export {
  cancelChange,
  changeStatus,
  type FaceToExtract,
  type NextGallery,
  nextGallery,
} from "./nextGallery.ts";
export { isPostgres, makeStoreFolder, openGallery, openStore } from "./open.ts";
export {
  type Approximate,
  type ApproximateOptions,
  approximatePostgres,
  recallOf,
} from "./postgres/approximate.ts";
export {
  type ClusterOptions,
  type ClusterStatus,
  initPostgres,
  type Move,
  type Partition,
  planRebalance,
  postgresStatus,
} from "./postgres/cluster.ts";
export { connectTo, type Queries, type Server } from "./postgres/connection.ts";
export type { Health } from "./postgres/health.ts";
export { type Moved, movePartition } from "./postgres/move.ts";
export { createProjection, type GalleryModel, type Projection } from "./projection.ts";
export type { GallerySample, SampleOptions } from "./sampled.ts";
export { parseKey } from "./seal.ts";
export {
  type CheckResult,
  type Damage,
  type GalleryStore,
  type HeldStatus,
  type Hit,
  type KeptRemoval,
  type MemoryOptions,
  type NewFace,
  type Page,
  type Person,
  type PersonKey,
  type ReceiptPage,
  type Rekeyed,
  type Removal,
  type SalvagedFace,
  STORE_LIMITS,
  type StoredFace,
  type StoreSettings,
} from "./store.ts";
export { exportLines, importLines, type Restored, readHeader } from "./transfer.ts";
export { exportGallery, type RestoredGallery, restoreGallery } from "./transferFile.ts";
