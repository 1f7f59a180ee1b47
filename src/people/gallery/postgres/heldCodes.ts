/**
 * Codes of a gallery in PostgreSQL, held in this process's memory and searched by the same kernel as those of an SQLite
 * gallery. The server stays the record: memory follows it before every search, is compared with it by checksums, and
 * answers only while it is known to be the same.
 *
 * What is promised between processes: a search that begins after the removal of a face was acknowledged, by whichever
 * process, does not find it; a search that begins after faces were acknowledged to be added finds them. Both hold for
 * all who ask the same primary server, as every search asks it what has changed (see changes.ts). Without the
 * server nothing is found at all: a process that cannot ask cannot know what was removed.
 */
import type { OwnedCode } from "../../../matching/search/index.ts";
import type { HeldStatus, MemoryOptions } from "../store.ts";
import { beginReading, CHANNEL, type ReadUntil, readChanges } from "./changes.ts";
import { CodeMemory, partitionsFor } from "./codeMemory.ts";
import type { Listening, Queries, Server } from "./connection.ts";
import type { AskIfUnchanged } from "./found.ts";
import { OtherModel } from "./model.ts";
import { type CodesOf, type Span, STRETCH } from "./stretches.ts";

/** Between two looks at the server of a process that nobody asks; ids compared at such a look: searches wait for it. */
const [TICK_MS, TICK_IDS] = [5_000, 8_192];
/** How often a stretch is compared that seems to differ: a shard may be ahead of the coordinator for a moment. */
const ATTEMPTS = 5;

export class HeldCodes {
  readonly #server: Server;
  readonly #limit: number;
  /** Partitions whose codes are held, and those that are searched where they lie. */
  readonly partitions: readonly number[];
  readonly others: readonly number[];
  readonly #codes: CodeMemory;
  #state: HeldStatus["state"] = "not read yet";
  #until: ReadUntil | undefined;
  #loading: Promise<void> | undefined;
  /** What changes memory is done one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #nextReading: Promise<void> | undefined;
  #comparing = false;
  /** Readings that found something, and whether the last one found nothing. */
  #changes = 0;
  #isQuiet = true;
  #repaired = 0;
  #nextSpan = 0;
  #timer: NodeJS.Timeout | undefined;
  #listening: Listening | undefined;
  #closed = false;

  constructor(
    server: Server,
    { partitions, ...of }: CodesOf & { readonly partitions: number },
    { bytes, partitions: wanted }: MemoryOptions,
  ) {
    ({ held: this.partitions, others: this.others } = partitionsFor(server.place, partitions, wanted));
    this.#server = server;
    this.#limit = bytes;
    this.#codes = new CodeMemory(of);
  }

  status(): HeldStatus {
    return {
      state: this.#state,
      codes: this.#codes.size,
      bytes: this.#codes.bytes,
      limit: this.#limit,
      partitions: this.partitions,
      repaired: this.#repaired,
      hears: this.#listening?.alive === true,
    };
  }

  /** Reads all codes, once; from then on they are followed. Resolves also where they do not fit. */
  load(): Promise<void> {
    this.#loading ??= this.#inTurn(() => this.#load()).catch((error) => {
      this.#loading = undefined; // whoever asks next tries again
      throw error;
    });
    return this.#loading;
  }

  /** Takes up what was acknowledged before this call; whether memory is the record now. */
  async follow(): Promise<boolean> {
    if (this.#state === "held") await this.#follow();
    return this.#state === "held";
  }

  /** The `k` nearest of what was acknowledged before this call; undefined where memory is not the record. */
  async nearest(code: Uint8Array, k: number): Promise<OwnedCode[] | undefined> {
    if (this.#state === "of another model") throw new OtherModel("another model");
    return (await this.follow()) ? this.#codes.nearest(code, k) : undefined;
  }

  /** The same by one question less, where the last look found nothing new: `ask` names what is found if nothing has changed `since`. */
  async nearestAtRest<T>(code: Uint8Array, k: number, ask: AskIfUnchanged<T>): Promise<T | undefined> {
    if (this.#state !== "held" || !this.#isQuiet) return undefined;
    const [changes, since] = [this.#changes, this.#until!];
    const answer = await ask(await this.#codes.nearest(code, k), since);
    return this.#isQuiet && changes === this.#changes ? answer : undefined;
  }

  /** Compares everything held with the record, and reads anew what differs; how many stretches did. */
  async verify(): Promise<number> {
    const before = this.#repaired;
    for (let from = 0; !this.#closed; ) {
      const span = await this.#spanFrom(from, STRETCH);
      if (!span) break;
      await this.#verifySpan([from, span[1]]);
      from = span[1];
    }
    return this.#repaired - before;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#listening?.close();
    await Promise.allSettled([this.#loading, this.#turn]);
    await this.#codes.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Calls that come while another one is on its way share the next, which begins after all of them. */
  #follow(): Promise<void> {
    this.#nextReading ??= this.#inTurn(() => {
      this.#nextReading = undefined;
      return this.#take(this.#server);
    });
    return this.#nextReading;
  }

  async #load(): Promise<void> {
    this.#state = "being read";
    await this.#codes.empty();
    await this.#listen();
    this.#until = await beginReading(this.#server);
    for (let from = 0; !this.#closed; ) {
      const span = await this.#spanFrom(from, STRETCH);
      if (!span) break;
      await this.#codes.append(
        await Promise.all(
          this.partitions.map((partition) => this.#codes.read(this.#server, partition, span)),
        ),
      );
      if (await this.#isTooLarge()) return;
      from = span[1];
    }
    if (this.#closed) return;
    this.#state = "held";
    await this.#take(this.#server); // what has changed while the others were read
    this.#timer ??= setInterval(() => void this.#tick(), TICK_MS).unref();
  }

  #spanFrom = (from: number, ids: number) =>
    this.#codes.spanFrom(this.#server, this.partitions, { from, ids });

  /** Where memory ends the search goes on in SQL, and what was held is given back. */
  async #isTooLarge(): Promise<boolean> {
    if (this.#codes.bytes <= this.#limit) return false;
    await this.#giveUp("too large");
    return true;
  }

  async #giveUp(state: "too large" | "of another model"): Promise<void> {
    this.#state = state;
    clearInterval(this.#timer);
    await this.#codes.empty();
  }

  /** In turn: takes up what `db` says has changed. */
  async #take(db: Queries): Promise<void> {
    const { added, removed, until, behind, model } = await readChanges(db, this.#until!);
    if (model !== this.#codes.of.model) {
      await this.#giveUp("of another model");
      throw new OtherModel("another model");
    }
    this.#isQuiet = added.length + removed.length === 0;
    if (!this.#isQuiet) this.#changes++; // before memory changes: whoever searches it now looks again
    await this.#codes.change(db, { added, removed }, this.partitions);
    this.#until = until; // only now: what fails is read again
    if ((await this.#isTooLarge()) || !behind) return;
    this.#state = "being compared";
    if (!this.#comparing) void this.#compareAll();
  }

  /** Until all is compared, searches go to the server. */
  async #compareAll(): Promise<void> {
    this.#comparing = true;
    try {
      await this.verify();
      if (this.#state === "being compared") this.#state = "held";
    } catch {
      // The server does not answer: the next tick tries again.
    } finally {
      this.#comparing = false;
    }
  }

  async #tick(): Promise<void> {
    try {
      await this.#listen();
      if (this.#state === "being compared") return this.#comparing ? undefined : this.#compareAll();
      if (!(await this.follow())) return;
      if (this.#codes.wasted > Math.max(STRETCH, this.#codes.size)) return this.#inTurn(() => this.#load());
      const span = (await this.#spanFrom(this.#nextSpan, TICK_IDS)) ?? (await this.#spanFrom(0, TICK_IDS));
      if (!span) return;
      await this.#verifySpan(span);
      this.#nextSpan = span[1];
    } catch {
      // The server does not answer: searches say so, and the next tick tries again.
    }
  }

  async #verifySpan(span: Span): Promise<void> {
    for (const partition of this.partitions) {
      for (let attempt = 1; !(await this.#inTurn(() => this.#isSame(partition, span))); attempt++) {
        if (attempt < ATTEMPTS) continue;
        await this.#inTurn(() => this.#repair(partition, span));
        break;
      }
    }
  }

  /** In turn, as what follows: whether memory holds of a span what the record does, both as of one moment. */
  #isSame(partition: number, span: Span): Promise<boolean> {
    return this.#server.transaction(async (db) => {
      await db.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      await this.#take(db);
      return this.#state === "too large" || this.#codes.isSame(db, partition, span);
    });
  }

  async #repair(partition: number, span: Span): Promise<void> {
    this.#isQuiet = false; // whoever searches meanwhile waits for it
    await this.#codes.replace(await this.#codes.read(this.#server, partition, span), span);
    this.#changes++;
    this.#repaired++;
  }

  async #listen(): Promise<void> {
    if (this.#listening?.alive || this.#closed) return;
    this.#listening = await this.#server
      .listen(CHANNEL, () => void this.follow().catch(() => {}))
      .catch(() => undefined); // searches ask anyway
  }
}
