/** The gallery as a worker sees it: each call is passed to the main thread, which alone has it open. */
import type { MessagePort } from "node:worker_threads";
import type { Gallery } from "../../people/gallery/index.ts";
import { revive, type WorkerFailure } from "./failure.ts";

/** What workers may call. */
export const REMOTE_METHODS = ["register", "count", "person", "search", "identify"] as const;
type RemoteMethod = (typeof REMOTE_METHODS)[number];

/** A call from a worker, and its answer. */
export interface RemoteCall {
  readonly call: number;
  readonly method: RemoteMethod;
  readonly args: readonly unknown[];
}
export type RemoteReply =
  | { readonly reply: number; readonly value: unknown }
  | { readonly reply: number; readonly error: WorkerFailure };

export function remoteGallery(port: MessagePort): Gallery {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  port.on("message", (message: RemoteReply) => {
    if (!("reply" in message)) return;
    const waiting = open.get(message.reply);
    open.delete(message.reply);
    if ("value" in message) waiting?.resolve(message.value);
    else waiting?.reject(revive(message.error));
  });
  const remote = (method: RemoteMethod) => [
    method,
    (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const call = ++last;
        open.set(call, { resolve, reject });
        port.postMessage({ call, method, args } satisfies RemoteCall);
      }),
  ];
  return { ...Object.fromEntries(REMOTE_METHODS.map(remote)), close: async () => {} } as unknown as Gallery;
}
