/** Labeled Faces in the Wild: `lfw/Name/Name_0001.jpg`, as a folder or as lfw.tgz. For testing only. */
import { openPeopleAs, type PeopleOptions } from "./people.ts";
import type { FaceSource } from "./source.ts";

/** LFW has no landmarks of its own: a landmark file is needed, unless the pictures are aligned crops. */
export type LfwOptions = Omit<PeopleOptions, "aligned">;

/** Opens LFW or any set in its layout. */
export const openLfw = (options: LfwOptions): Promise<FaceSource> => openPeopleAs("lfw", options);
