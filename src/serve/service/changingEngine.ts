/** An engine whose gallery may change over to another model: the next one is opened then, and asked what the last could not answer. */
import { modelFolder } from "../../nets/models/index.ts";
import { type Engine, type EngineOptions, openEngine } from "./engine.ts";
import { CHANGED_OVER, GALLERY_METHODS, type SharedGallery } from "./guardedGallery.ts";
import { Problem } from "./problem.ts";
import type { Ask } from "./questions.ts";

/** Between two tries to open a model. */
const RETRY_MS = 10_000;

/** Opens the engine; see openEngine. */
export async function openChangingEngine(options: EngineOptions): Promise<Engine> {
  let current = await openEngine(options);
  let changing: Promise<void> | undefined;
  let closed = false;

  const changeOver = async (named: string) => {
    try {
      const last = current;
      const next = await openEngine({ ...options, model: modelFolder(named), atOnce: true });
      if (closed) return await next.close();
      current = next;
      void last.close(options.limits.jobMs).catch(options.onFailure);
      changing = undefined;
    } catch (error) {
      options.onFailure?.(error);
      setTimeout(() => {
        changing = undefined;
      }, RETRY_MS).unref();
      const detail = "The gallery has changed over to a model that this service cannot open.";
      throw new Problem("unavailable", detail, { retryAfterSeconds: RETRY_MS / 1000 });
    }
  };
  const asking = async <T>(ask: (engine: Engine) => Promise<T>): Promise<T> => {
    for (;;) {
      const asked = current;
      try {
        return await ask(asked);
      } catch (error) {
        const named = changedOver(error);
        if (named === undefined || closed) throw error;
        if (asked !== current) continue;
        changing ??= changeOver(named);
        await changing;
      }
    }
  };
  const methods = GALLERY_METHODS.map((name) => [
    name,
    (...args: unknown[]) =>
      asking((engine) => (engine.gallery[name] as (...args: unknown[]) => Promise<unknown>)(...args)),
  ]);
  const ask: Ask = (question, input, signal) => asking((engine) => engine.ask(question, input, signal));
  return {
    get model() {
      return current.model;
    },
    place: options.gallery,
    get about() {
      return current.about;
    },
    get pool() {
      return current.pool;
    },
    ask,
    gallery: Object.fromEntries(methods) as SharedGallery,
    async close(withinMs) {
      closed = true;
      await changing?.catch(() => {});
      await current.close(withinMs);
    },
  };
}

/** The model that the gallery has changed over to, where that is what went wrong. */
const changedOver = (error: unknown): string | undefined =>
  error instanceof Problem && error.message.startsWith(CHANGED_OVER)
    ? error.message.slice(CHANGED_OVER.length)
    : undefined;
