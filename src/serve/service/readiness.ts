/** Whether what the service stands on works: gallery, audit log, disk. */
import { statfs } from "node:fs/promises";
import type { AuditLog } from "./audit.ts";
import type { SharedGallery } from "./guardedGallery.ts";

export interface Readiness {
  readonly gallery: boolean;
  readonly audit: boolean;
  readonly disk: boolean;
}

export interface ReadinessOptions {
  readonly gallery: Pick<SharedGallery, "person">;
  readonly audit: AuditLog;
  /** Folders that are written to. */
  readonly folders: readonly string[];
  readonly now: () => number;
}

/** How long an answer holds, and for how long the gallery may think. */
const [HOLDS_MS, GALLERY_MS] = [1_000, 1_000];
/** Free bytes below which a disk counts as full. */
const FREE_BYTES = 16 * 2 ** 20;

/** Looks when it is asked, and no more often than once a second. */
export function watchReadiness({ gallery, audit, folders, now }: ReadinessOptions): () => Promise<Readiness> {
  let last: { readonly at: number; readonly found: Promise<Readiness> } | undefined;
  const look = async (): Promise<Readiness> => {
    const [answers, ...disks] = await Promise.all([galleryAnswers(gallery), ...folders.map(hasRoom)]);
    return { gallery: answers, audit: audit.failure === undefined, disk: disks.every(Boolean) };
  };
  return () => {
    if (!last || now() - last.at > HOLDS_MS) last = { at: now(), found: look() };
    return last.found;
  };
}

async function galleryAnswers(gallery: Pick<SharedGallery, "person">): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, GALLERY_MS, false);
  });
  const answer = gallery.person(1).then(
    () => true,
    () => false,
  );
  const answers = await Promise.race([answer, late]);
  clearTimeout(timer);
  return answers;
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= FREE_BYTES;
  } catch {
    return false;
  }
}
