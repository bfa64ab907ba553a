import type { Fault } from '../harness/check.ts';
import { type LoosePart, on, sendsParts } from '../kit/faults.ts';

/** Whether it is a retrieve, whose answer has a body. */
export const isGet = (request: Request): boolean => request.method === 'GET';

/** A server that sends each part of its multipart answers to GET in another way. */
export const sendsEachPart = (change: (part: LoosePart, i: number, request: Request) => LoosePart): Fault =>
  on(
    isGet,
    sendsParts((parts, request) => parts.map((part, i) => change(part, i, request))),
  );

/** A server that sends other header lines on the parts of its multipart answers to GET. */
export const sendsEachHeader = (change: (line: string, request: Request) => string): Fault =>
  sendsEachPart((part, _, request) => ({ ...part, headers: part.headers.map(line => change(line, request)) }));
