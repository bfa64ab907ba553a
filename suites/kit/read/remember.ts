import { createHash } from 'node:crypto';

/** The most bytes of a text that is remembered, and of all of them together. */
const mostBytes = 1024 * 1024;
const mostBytesTogether = 64 * mostBytes;

/** A reader that remembers what it read lately, the results of `mostEntries` at most: the checks of a run come by the same answers many times. What it gives is shared, so nobody may change it. */
export function remembering<T>(read: (bytes: Uint8Array) => T, mostEntries = 300): (bytes: Uint8Array) => T {
  const known = new Map<string, { readonly value: T; readonly size: number }>();
  let together = 0;
  return bytes => {
    const size = bytes.length;
    if (size > mostBytes) return read(bytes);
    const key = createHash('sha1').update(bytes).digest('base64');
    const before = known.get(key);
    const value = before ? before.value : read(bytes);
    known.delete(key);
    known.set(key, { value, size });
    if (!before) together += size;
    for (const [oldest, entry] of known) {
      if (known.size <= mostEntries && together <= mostBytesTogether) break;
      known.delete(oldest);
      together -= entry.size;
    }
    return value;
  };
}
