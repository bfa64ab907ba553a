/** What the WebAssembly codecs of cornerstone have in common; the packages bring no types of their own. */
declare module '@cornerstonejs/codec-charls/wasmjs' {
  const load: (settings: { print(line: string): void; printErr(line: string): void }) => Promise<import('./codecs.ts').CharlsModule>;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const load: (settings: { print(line: string): void; printErr(line: string): void }) => Promise<import('./codecs.ts').OpenJpegModule>;
  export default load;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs' {
  const load: (settings: { print(line: string): void; printErr(line: string): void }) => Promise<import('./codecs.ts').LibJpegModule>;
  export default load;
}
