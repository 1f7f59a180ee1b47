/** The one order of texts that JavaScript, SQLite and PostgreSQL (collation "C") can agree on: by UTF-8 bytes. */
export const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
