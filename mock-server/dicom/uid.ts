/** PS3.5-2013 9.1: digits and dots, no component that begins with a superfluous zero, at most 64 characters. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(text);
}
