/** The parts of a recognizer whose gallery may change over to another model while it is asked. */
import { InputError } from "../../base/errors/index.ts";
import type { Parts } from "./parts.ts";

export interface ChangingParts {
  readonly parts: Parts;
  /** Asks; and once more, of the new model, where the gallery has changed over to one meanwhile. */
  ask<T>(question: (parts: Parts) => Promise<T>): Promise<T>;
}

/** Begins with `first`; `open` opens what belongs to another model. */
export function changingParts(first: Parts, open: (model: string) => Promise<Parts>): ChangingParts {
  let parts = first;
  let changing: Promise<void> | undefined;
  const changeOver = (named: string) => {
    changing ??= open(named)
      .then(
        (next) => {
          parts = next;
        },
        (cause: Error) => {
          const reason = `the gallery has changed over to the model ${JSON.stringify(named)}, which cannot be opened here`;
          throw new InputError(`${reason}: ${cause.message}`, { cause });
        },
      )
      .finally(() => {
        changing = undefined;
      });
    return changing;
  };
  return {
    get parts() {
      return parts;
    },
    async ask(question) {
      for (;;) {
        const asked = parts;
        try {
          return await question(asked);
        } catch (error) {
          if (!isModelChanged(error)) throw error;
          if (parts === asked) await changeOver(error.named);
        }
      }
    },
  };
}

/** ModelChanged of the gallery, whose module most programs do not load. */
const isModelChanged = (error: unknown): error is InputError & { readonly named: string } =>
  error instanceof InputError && "named" in error && typeof error.named === "string";
