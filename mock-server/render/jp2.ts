/** A JP2 file of a JPEG 2000 codestream of 8-bit samples, gray or sRGB (ISO/IEC 15444-1 Annex I). */
export function jp2File(
  codestream: Uint8Array,
  { width, height, channels }: { readonly width: number; readonly height: number; readonly channels: 1 | 3 },
): Uint8Array {
  const imageHeader = Buffer.alloc(14);
  imageHeader.writeUInt32BE(height, 0);
  imageHeader.writeUInt32BE(width, 4);
  imageHeader.writeUInt16BE(channels, 8);
  // Bits minus one; compression type 7; the colour space is known; no intellectual property.
  imageHeader.set([7, 7, 0, 0], 10);
  const colour = Buffer.alloc(7);
  colour.set([1, 0, 0], 0);
  colour.writeUInt32BE(channels === 1 ? 17 : 16, 3);
  return Buffer.concat([
    box('jP  ', Buffer.from('0d0a870a', 'hex')),
    box('ftyp', Buffer.concat([Buffer.from('jp2 ', 'latin1'), Buffer.alloc(4), Buffer.from('jp2 ', 'latin1')])),
    box('jp2h', Buffer.concat([box('ihdr', imageHeader), box('colr', colour)])),
    box('jp2c', codestream),
  ]);
}

function box(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}
