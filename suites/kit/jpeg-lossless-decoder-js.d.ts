declare module 'jpeg-lossless-decoder-js' {
  /** A decoder of ITU-T T.81 lossless streams; an object decodes one of them. */
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number, bytesPerSample: number): Uint8Array | Uint16Array;
  }
}
