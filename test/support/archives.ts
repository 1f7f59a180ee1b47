/** Archives made in memory for tests, sound ones and hostile ones. */
import { buffer } from "node:stream/consumers";
import { crc32, gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface TestEntry {
  readonly name: string;
  /** Zip: the bytes of the name; default: UTF-8. */
  readonly nameBytes?: Buffer;
  readonly content?: string | Uint8Array;
  /** Tar: the kind of entry, a plain file when left out. */
  readonly type?: "file" | "directory" | "symlink" | "link" | "fifo";
  /** Zip: Unix mode with file type bits, for links. */
  readonly mode?: number;
  /** Zip: the unpacked size that the directory claims. */
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
  readonly encrypted?: boolean;
}

/** A tar of `entries`. */
export async function tarOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, content = "", type = "file" } of entries) {
    const linked = type === "symlink" || type === "link" ? { linkname: "/etc/passwd" } : {};
    tar.entry({ name, type, ...linked }, type === "file" ? Buffer.from(content) : "");
  }
  tar.finalize();
  return buffer(tar as unknown as AsyncIterable<Buffer>);
}

/** A gzipped tar of `entries`. */
export const tgzOf = async (entries: readonly TestEntry[]) => gzipSync(await tarOf(entries));

/** A zip of `entries`, not compressed. Layout: PKWARE's APPNOTE 4.3, with the fields a reader looks at. */
export function zipOf(entries: readonly TestEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const {
      name,
      nameBytes = Buffer.from(name),
      content = "",
      mode = 0o100644,
      encrypted,
      ...claimed
    } = entry;
    const bytes = Buffer.from(content);
    const flags = encrypted ? 1 : 0;
    const crc = claimed.claimedCrc ?? crc32(bytes);
    const size = claimed.claimedSize ?? bytes.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(bytes.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x0314, 4); // made on Unix, so that the mode counts
    central.writeUInt16LE(flags, 8);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, nameBytes, bytes);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
