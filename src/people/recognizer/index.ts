// src/people/recognizer: photo in, answer out: composes locate, face, net, match and gallery.
export { alignedText } from "./alignInWords.ts";
export {
  type AlignedPhoto,
  type AlignOutcome,
  type AlignTask,
  alignPhoto,
  alignPhotos,
  placePhotos,
} from "./alignPhotos.ts";
export { type AnswerFiles, type AnswerTable, answerLines, writeAnswers } from "./answerFiles.ts";
export {
  type AskOptions,
  askPhotos,
  isOnePhoto,
  type QuestionOptions,
  questionsBy,
} from "./askPhotos.ts";
export {
  attributesFile,
  type FittedAttribute,
  readAttributes,
  type StoredAttributes,
  writeAttributes,
} from "./attributes.ts";
export {
  beginChange,
  type ChangeModelOptions,
  changedText,
  changeModel,
  extractLacking,
  finishChange,
  type ModelChangeDone,
  modelNamed,
  type UselessFace,
  withoutPictureText,
} from "./changeModel.ts";
export type { ClusterGalleryOptions, GalleryGroups, KeptFace } from "./clusterGallery.ts";
export type { ClusterPhotosOptions, PhotoGroups } from "./clusterPhotos.ts";
export type { Answered, Photos } from "./eachPhoto.ts";
export type { ExtractFolderOptions, FolderFeatures } from "./extractFolder.ts";
export type { FaceOnPhoto, FacesOnOptions, GroupedFace, PhotoFaces } from "./facesOn.ts";
export { type OwnFinder, openFinder, openLocator } from "./finder.ts";
export { fitAttributes } from "./fitAttributes.ts";
export { galleryModelOf } from "./galleryModel.ts";
export { galleryGroupsTable, groupsTable } from "./groupsFile.ts";
export { groupsData, groupsText, registrationText } from "./groupsInWords.ts";
export { type IdentifyPhotosOptions, identifyPhoto } from "./identifyPhotos.ts";
export { fitModelAttributes, type ModelAttributesOptions } from "./modelAttributes.ts";
export { assertFewToGroup } from "./mostToGroup.ts";
export { type Places, placesForCopies } from "./namedPictures.ts";
export { openRecognizer } from "./open.ts";
export { bytesOf } from "./photo.ts";
export { locateFaces, unfitReason } from "./pictures.ts";
export type {
  AnalyzeOptions,
  DecisionOptions,
  IdentifyOptions,
  Recognizer,
  RecognizerAbout,
  RecognizerOptions,
  RegisterOptions,
  SearchOptions,
} from "./recognizer.ts";
export type { FolderRegistration, PicturesOptions, RegisterFolderOptions } from "./registerFolder.ts";
export { verifyAgainst } from "./verifyAgainst.ts";
