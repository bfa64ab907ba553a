const signatures: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['application/dicom', 128, '4449434d'],
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '47494638'],
  ['image/jp2', 0, '0000000c6a5020200d0a870a'],
  ['application/pdf', 0, '255044462d'],
  ['application/zip', 0, '504b0304'],
  ['text/rtf', 0, '7b5c727466'],
  ['video/mpeg', 0, '000001b3'],
];

/** The media type whose signature a body begins with; empty when it is none of those that are known. */
export function signatureOf(body: Uint8Array): string {
  const hex = (at: number, length: number) => Buffer.from(body.subarray(at, at + length)).toString('hex');
  return signatures.find(([, at, bytes]) => hex(at, bytes.length / 2) === bytes)?.[0] ?? '';
}
