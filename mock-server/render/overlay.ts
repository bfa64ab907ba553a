import type { DataSet, Tag } from '../../schemas/data-set.ts';

/** A bitmap over an image: where its upper left pixel lies, counted from 0, and what is set. */
export interface Overlay {
  readonly group: string;
  readonly rows: number;
  readonly columns: number;
  readonly top: number;
  readonly left: number;
  isSet(row: number, column: number): boolean;
}

const groups = Array.from({ length: 16 }, (_, i) => (0x6000 + 2 * i).toString(16).toUpperCase());

/** The overlay planes of a frame, counted from 0 (PS3.3-2013 C.9.2); those in unused bits of the pixels are retired and left out. */
export function overlaysOf(dataSet: DataSet, frame: number): readonly Overlay[] {
  return groups.flatMap(group => {
    const number = (element: string, index = 0): number | undefined => {
      const found = dataSet.get(`${group}${element}` as Tag);
      const value = found && 'values' in found ? found.values[index] : undefined;
      return value === undefined ? undefined : Number(value);
    };
    const data = dataSet.get(`${group}3000`);
    const [rows, columns] = [number('0010'), number('0011')];
    if (!data || !('bytes' in data) || !rows || !columns) return [];
    const frames = number('0015') ?? 1;
    const origin = (number('0051') ?? 1) - 1;
    const index = frames > 1 ? frame - origin : 0;
    if (index < 0 || index >= frames) return [];
    const { bytes } = data;
    const isSet = (row: number, column: number) => {
      const bit = (index * rows + row) * columns + column;
      return (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
    };
    return [{ group, rows, columns, top: (number('0050', 0) ?? 1) - 1, left: (number('0050', 1) ?? 1) - 1, isSet }];
  });
}
