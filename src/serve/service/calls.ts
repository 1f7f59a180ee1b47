/** Methods of an object in another thread, called over a port. */
import type { MessagePort } from "node:worker_threads";
import { failureOf, revive, type WorkerFailure } from "./failure.ts";

interface Call {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
type Reply =
  | { readonly reply: number; readonly value: unknown }
  | { readonly reply: number; readonly error: WorkerFailure };

/** Methods that answer with a promise, of values that can be cloned. */
// biome-ignore lint/suspicious/noExplicitAny: a method of any arguments
type Remote<T, K extends keyof T> = { [M in K]: T[M] & ((...args: any[]) => Promise<unknown>) };

/** Runs a call, and may do something before and after. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>;

/** The methods `names` of the object that `answerCalls` answers for at the other end of `port`. */
export function callsOver<T, const K extends keyof T & string>(
  port: MessagePort,
  names: readonly K[],
  around: Around = (call) => call(),
): Pick<T, K> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  let closed = false;
  port.on("message", (message: Reply) => {
    const waiting = open.get(message.reply);
    open.delete(message.reply);
    if ("value" in message) waiting?.resolve(message.value);
    else waiting?.reject(revive(message.error));
  });
  port.on("close", () => {
    closed = true;
    for (const { reject } of open.values()) reject(new Error("the thread that was asked has ended"));
    open.clear();
  });
  const ask = (method: K, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error("the thread that is asked has ended"));
      const call = ++last;
      open.set(call, { resolve, reject });
      port.postMessage({ call, method, args } satisfies Call);
    });
  const methods = names.map((name) => [name, (...args: unknown[]) => around(() => ask(name, args))]);
  return Object.fromEntries(methods) as Pick<T, K>;
}

/** Answers calls that come over `port` by the methods `names` of `target`, and refuses all others. */
export function answerCalls<T, K extends keyof T & string>(
  port: MessagePort,
  target: Remote<T, K>,
  names: readonly K[],
): void {
  port.on("message", async ({ call, method, args }: Call) => {
    try {
      const name = names.find((one) => one === method);
      if (name === undefined) throw new Error(`nobody may call ${method} from another thread`);
      port.postMessage({ reply: call, value: await target[name](...args) } satisfies Reply);
    } catch (error) {
      port.postMessage({ reply: call, error: failureOf(error) } satisfies Reply);
    }
  });
}
