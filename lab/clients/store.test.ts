import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfStudy } from '../../fixtures/recipe.ts';
import { judging, unexpected } from './judging.ts';

const folder = mkdtempSync(join(tmpdir(), 'clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const empty = () => ({ content: 'nothing', data: mkdtempSync(join(folder, 'data-')) }) as const;

const study = copyOfStudy(studyNamed('ct'), 7);

// The package is made for browsers; it looks for XMLHttpRequest where it is used.
test('dicomweb-client stores a study, finds it and retrieves it', async () => {
  const require = createRequire(import.meta.url);
  Object.assign(globalThis, { XMLHttpRequest: require('xhr2') });
  const { api } = require('dicomweb-client');
  const datasets = study.instances.map(instance => Uint8Array.from(instance.part10()).buffer);
  const { result, wrong, passed } = await judging('2020c', empty(), async ({ rs: url }) => {
    const client = new api.DICOMwebClient({ url });
    await client.storeInstances({ datasets });
    const found = await client.searchForInstances({ studyInstanceUID: study.studyInstanceUID });
    const retrieved = await client.retrieveStudy({ studyInstanceUID: study.studyInstanceUID });
    return { found: found.length, retrieved: retrieved.length };
  });
  expect(result).toEqual({ found: study.instances.length, retrieved: study.instances.length });
  expect(unexpected('dicomweb-client', wrong)).toEqual([]);
  expect(passed).toContain('stow-rs/client-files/one-file-in-each-part');
});

const tools = ['dump2dcm', 'curl'].filter(name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);

const dump = `(0008,0016) UI 1.2.840.10008.5.1.4.1.1.7
(0008,0018) UI 2.25.71.3
(0008,0060) CS OT
(0010,0010) PN CONFTEST^Dump
(0010,0020) LO DUMP
(0020,000d) UI 2.25.71.1
(0020,000e) UI 2.25.71.2
(0028,0002) US 1
(0028,0004) CS MONOCHROME2
(0028,0010) US 2
(0028,0011) US 2
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB 0d\\0a\\2d\\2d
`;

describe.skipIf(tools.length > 0)(`DCMTK and curl${tools.length > 0 ? ` (not run: no ${tools.join(', ')})` : ''}`, () => {
  test.each([
    ['with a length', []],
    ['in chunks', ['-H', 'Transfer-Encoding: chunked']],
  ] as const)('a file that DCMTK made is stored by curl, %s', async (_, more) => {
    const [text, file, body] = ['dump.txt', 'object.dcm', 'body'].map(name => join(folder, name)) as [string, string, string];
    writeFileSync(text, dump);
    execFileSync('dump2dcm', ['-q', '+te', text, file]);
    const part = Buffer.from('--B\r\nContent-Type: application/dicom\r\n\r\n');
    writeFileSync(body, Buffer.concat([part, readFileSync(file), Buffer.from('\r\n--B--\r\n')]));
    const { result, wrong, passed } = await judging('2013', empty(), async ({ rs: url }) => {
      const header = 'Content-Type: multipart/related; type="application/dicom"; boundary=B';
      const curl = spawnAsync('curl', [
        '-sS',
        '-w',
        '%{http_code}',
        '-H',
        'Expect:',
        '-H',
        header,
        ...more,
        '--data-binary',
        `@${body}`,
        `${url}/studies`,
      ]);
      return curl;
    });
    expect(result).toMatch(/200$/);
    expect(result).toContain('2.25.71.3');
    expect(wrong).toEqual({});
    expect(passed).toContain('stow-rs/client-message/multipart-related');
  });
});

/** The server runs in this process, so nothing may wait for a child. */
async function spawnAsync(command: string, words: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, [...words])).stdout;
}
