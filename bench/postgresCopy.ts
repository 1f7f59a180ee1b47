/** Faces by COPY into the tables of a gallery: what loads a million in a minute. For benches, as it keeps no log. */
import pg from "pg";

/** The part of the driver's connection that COPY needs. */
interface CopyConnection {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
}

const BITS = Array.from({ length: 256 }, (_, byte) => byte.toString(2).padStart(8, "0"));
const FACES_PER_PERSON = 10;

/** Faces 1, 2, ... with `codes`, each ten of them of one person: "person 0", "person 1", ... */
export async function copyFaces(url: string, codes: Iterable<Uint8Array>, codeBytes: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let faces = 0;
    await copyInto(client, "deepid_gallery.faces (id, person, code, fields)", rows());
    await client.query(
      `INSERT INTO deepid_gallery.people (name) SELECT 'person ' || i FROM generate_series(0, $1::int) AS i`,
      [Math.ceil(faces / FACES_PER_PERSON) - 1],
    );
    await client.query("SELECT setval('deepid_gallery.face_ids', $1)", [faces]);
    await client.query("VACUUM ANALYZE deepid_gallery.faces");

    function* rows(): Generator<Buffer> {
      for (const block of codes) {
        const lines: string[] = [];
        for (let at = 0; at < block.length; at += codeBytes) {
          const bits = Array.from(block.subarray(at, at + codeBytes), (byte) => BITS[byte]).join("");
          lines.push(`${faces + 1}\t${Math.floor(faces / FACES_PER_PERSON) + 1}\t${bits}\t{}\n`);
          faces++;
        }
        yield Buffer.from(lines.join(""));
      }
    }
  } finally {
    await client.end();
  }
}

function copyInto(client: pg.Client, target: string, chunks: Iterator<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const copy = {
      submit: (connection: CopyConnection) => connection.query(`COPY ${target} FROM STDIN`),
      handleCopyInResponse(connection: CopyConnection) {
        const send = () => {
          for (;;) {
            const { value, done } = chunks.next();
            if (done) return connection.endCopyFrom();
            connection.sendCopyFromChunk(value);
            if (connection.stream.writableNeedDrain) return void connection.stream.once("drain", send);
          }
        };
        send();
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: (error: Error) => reject(error),
    };
    client.query(copy as unknown as pg.Submittable);
  });
}
