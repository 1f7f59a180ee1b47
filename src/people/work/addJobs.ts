/** Whatever waits in the queue: pictures of people to import, photos or the gallery's faces to group, faces to extract for another model. */

import { InputError } from "../../base/errors/index.ts";
import { count } from "../../base/text/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import { withoutPictureText } from "../recognizer/index.ts";
import { addImport, type ImportOptions } from "./addImport.ts";
import { addClustering, addGrouping } from "./clusterJob.ts";
import { addModelChange } from "./modelJobs.ts";

/** One of: `people` alone, `people` with `cluster`, `cluster` alone, `model`. */
export interface JobsToAdd extends ImportOptions {
  /** A folder of people, or a zip of one; with `cluster` photos of anybody. */
  readonly people?: string;
  /** The file of the table of groups. */
  readonly cluster?: string;
  /** With `cluster` alone: whose faces are grouped. Default: all of the gallery. */
  readonly person?: string;
  /** The gallery's next model. */
  readonly model?: string;
  readonly leaveOut?: boolean;
  readonly key?: Uint8Array;
  /** Told, before anything happens, of faces that have no picture to extract. */
  readonly onWithoutPicture?: (text: string) => void;
}

export interface AddedJobs {
  readonly added: object;
  readonly text: string;
  readonly passedOver: readonly PassedOver[];
}

/** Puts jobs into the queue of the gallery at `store`. InputError where it is not clear what is wanted. */
export async function addJobs(store: string, jobs: JobsToAdd): Promise<AddedJobs> {
  const { people, cluster, person, model, onWithoutPicture, ...how } = jobs;
  if (people === undefined && model === undefined && cluster !== undefined) {
    const added = await addGrouping(store, cluster, { ...how, person });
    return { added, text: `${count(added.faces)} faces wait to be grouped`, passedOver: [] };
  }
  if ((people === undefined) === (model === undefined)) {
    throw new InputError("work add: give a folder of people, --cluster, or --model");
  }
  if (person !== undefined) throw new InputError("work add: --person goes with --cluster, without photos");
  if (model !== undefined) {
    const added = await addModelChange(store, model, {
      ...how,
      faces: how.pictures,
      onWithoutPicture: (faces) => onWithoutPicture?.(withoutPictureText(faces)),
    });
    return {
      added,
      text: `${count(added.faces)} faces in ${count(added.jobs)} jobs are waiting`,
      passedOver: [],
    };
  }
  if (cluster !== undefined) {
    const added = await addClustering(store, people!, cluster, how);
    return { added, text: `${count(added.photos)} photos wait to be clustered`, passedOver: [] };
  }
  const { passedOver, ...added } = await addImport(store, people!, how);
  return {
    added,
    text: `${count(added.pictures)} pictures in ${count(added.jobs)} jobs are waiting`,
    passedOver,
  };
}
