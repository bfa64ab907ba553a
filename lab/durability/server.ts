import { createMockServer } from '../../mock-server/index.ts';

/** A server for the crash test: it keeps the folder that it is given, says its URL, and runs until it is killed. */
const [, , data = ''] = process.argv;
const server = createMockServer({ content: 'nothing', data });
const { url } = await server.listen();
process.stdout.write(`${JSON.stringify({ url, ...server.loaded })}\n`);
