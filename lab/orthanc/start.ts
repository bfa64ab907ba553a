import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = '/usr/sbin/Orthanc';
const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Why Orthanc cannot be started here, or null when it can. */
export const missing = [program, plugin].every(existsSync) ? null : 'Orthanc is not installed: apt-get install orthanc orthanc-dicomweb';

export interface Running {
  /** The base URL of the RESTful services. */
  readonly url: string;
  /** The URL of WADO-URI. */
  readonly wadoUri: string;
  /** Its process. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts an empty Orthanc with its DICOMweb plugin on a free loopback port; it keeps its data in a temporary folder. */
export async function startOrthanc(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'orthanc-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/dicom-web`;
  const settings = {
    Name: 'CONFORMANCE',
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomServerEnabled: false,
    OverwriteInstances: false,
    LimitFindResults: 0,
    Plugins: [plugin],
    // DicomWeb.Host has to name the port, or every URL in the answers leads nowhere.
    DicomWeb: {
      Enable: true,
      Root: '/dicom-web/',
      EnableWado: true,
      WadoRoot: '/wado',
      Host: `127.0.0.1:${port}`,
      Ssl: false,
      QidoCaseSensitive: true,
      StudiesMetadata: 'Full',
      SeriesMetadata: 'Full',
    },
  };
  const file = join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(settings));
  const child = spawn(program, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', chunk => {
    said = (said + String(chunk)).slice(-4000);
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(hard);
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended while it started: ${said}`);
    const answer = await fetch(`${url}/studies?limit=1`).catch(() => null);
    if (answer?.ok) return { url, pid: child.pid ?? 0, wadoUri: `http://127.0.0.1:${port}/wado`, stop };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`Orthanc did not answer within 10 s: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was given');
  return address.port;
}
