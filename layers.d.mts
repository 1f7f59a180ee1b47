type Table = Readonly<Record<string, readonly string[]>>;
export const wings: Table;
export const rooms: Readonly<Record<string, Table>>;
export const nodeRooms: Table;
export const browserPackages: readonly string[];
