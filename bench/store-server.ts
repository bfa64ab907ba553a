import { createMockServer } from '../mock-server/index.ts';

/** An empty mock server in a process of its own, so that its memory can be measured: with the folder it is given, or in memory. */
const [, , data = ''] = process.argv;
const server = createMockServer({ content: 'nothing', ...(data === '' ? {} : { data }) });
const { url } = await server.listen();
process.stdout.write(`${url}\n`);
