/** Surfaces as grids of points: positions, smooth normals, and three surface coordinates that textures read. */

/** What a surface is made of; decides how its pixels are coloured. */
export const MATERIAL = { nothing: 0, head: 1, ear: 2, neck: 3, locks: 4 } as const;
export type Material = (typeof MATERIAL)[keyof typeof MATERIAL];

export interface Mesh {
  readonly material: Material;
  readonly twoSided: boolean; // whether its inside can be seen
  readonly rows: number;
  readonly columns: number;
  readonly position: Float64Array; // [rows * columns, 3], head units; x right, y down, z towards the viewer
  readonly normal: Float64Array; // [rows * columns, 3], unit length, outwards
  readonly surface: Float64Array; // [rows * columns, 3]: u, v, w
}

/** Writes the point of grid node (`row`, `column`), each from 0 to 1, as x, y, z, u, v, w. */
export type Surface = (row: number, column: number, point: Float64Array) => void;

/** Samples `at` on a grid. Columns must run to the right of the picture, rows down, as seen from outside. */
export function createMesh(material: Material, rows: number, columns: number, at: Surface): Mesh {
  const position = new Float64Array(rows * columns * 3);
  const surface = new Float64Array(rows * columns * 3);
  const point = new Float64Array(6);
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k += 3) {
      at(row / (rows - 1), column / (columns - 1), point);
      for (let i = 0; i < 3; i++) {
        position[k + i] = point[i];
        surface[k + i] = point[i + 3];
      }
    }
  }
  return {
    material,
    twoSided: material === MATERIAL.locks,
    rows,
    columns,
    position,
    surface,
    normal: normals(position, rows, columns),
  };
}

/** Unit normals from the differences between neighbours on the grid. */
function normals(p: Float64Array, rows: number, columns: number): Float64Array {
  const normal = new Float64Array(p.length);
  for (let row = 0; row < rows; row++) {
    const up = Math.max(0, row - 1) * columns;
    const down = Math.min(rows - 1, row + 1) * columns;
    for (let column = 0; column < columns; column++) {
      const a = (row * columns + Math.max(0, column - 1)) * 3;
      const b = (row * columns + Math.min(columns - 1, column + 1)) * 3;
      const c = (up + column) * 3;
      const d = (down + column) * 3;
      const ex = p[b] - p[a];
      const ey = p[b + 1] - p[a + 1];
      const ez = p[b + 2] - p[a + 2];
      const fx = p[d] - p[c];
      const fy = p[d + 1] - p[c + 1];
      const fz = p[d + 2] - p[c + 2];
      const nx = ey * fz - ez * fy;
      const ny = ez * fx - ex * fz;
      const nz = ex * fy - ey * fx;
      const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
      const k = (row * columns + column) * 3;
      normal[k] = nx / length;
      normal[k + 1] = ny / length;
      normal[k + 2] = nz / length;
    }
  }
  return normal;
}
