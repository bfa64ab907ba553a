#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { endWithReader, say } from './output.ts';
import type { RunFlags } from './run.ts';
import type { ServeFlags } from './serve.ts';
import { edition, header, repositoryUid, seconds, serviceUrl, Unable, UsageError, uid, wholeNumber } from './usage.ts';

type Flags = Pick<RunFlags, 'edition' | 'json'>;

const examples = `
Examples:
  conformance                                             judge the embedded mock server
  conformance http://localhost:8042/dicom-web             judge a server; nothing is stored on it
  conformance http://localhost:8042/dicom-web --write     … and allow storing test studies
  conformance http://localhost:8042/dicom-web qido-rs wado-rs/frames --out results
  conformance http://localhost:8042/dicom-web --wado-uri http://localhost:8042/wado
  conformance https://pacs.example/rs --header 'Authorization: Bearer …' --study 1.2.840.1
  conformance explain QIDO-RS-6.7.1.1-52                  what a requirement or a check is about

Exit status: 0 nothing failed, 1 something failed, 2 something could not be judged, 64 wrong usage.
`;

const more = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function commandLine(end: (status: number) => void): Command {
  const program = new Command('conformance')
    .description('Judges a DICOMweb server from outside, over HTTP, by the text of DICOM PS3.18.')
    .usage('[url] [selections...] [options]')
    .argument(
      '[words...]',
      'the base URL of the RESTful services, then checks by the beginning of their ids; without a URL the embedded server',
    )
    .option('--wado-uri <url>', 'the URL of WADO-URI, which is judged too', serviceUrl('--wado-uri'))
    .option('--wado-ws <url>', 'the URL of WADO-WS, which is judged too', serviceUrl('--wado-ws'))
    .option('--repository <uid>', 'the Repository Unique ID that WADO-WS requests are to name', repositoryUid)
    .option('--edition <edition>', 'judge by another edition of the standard (default: 2013)', edition)
    .option('--write', 'allow storing on the server')
    .option('--study <uid>', 'a study to read, repeatable', uid)
    .option('--header <line>', "goes with every request to the server, is never printed, repeatable: 'Name: value'", header)
    .option('--claim <service>', 'the service is there: if it does not answer, that is a failure, repeatable', more)
    .option('--concurrency <n>', 'checks under way at once (default: 4, on the embedded server 48)', wholeNumber('--concurrency', 1, 256))
    .option('--timeout <seconds>', 'for each exchange (default: 10)', seconds('--timeout'))
    .option('--seed <n>', 'for generated requests (default: 1)', wholeNumber('--seed', -(2 ** 31), 2 ** 31 - 1))
    .option('--runs <n>', 'how many requests are generated for each law (default: 25)', wholeNumber('--runs', 1, 100_000))
    .option('--out <dir>', 'write report.json and junit.xml there')
    .option('--json', 'the report on standard output, words on standard error')
    .addHelpText('after', examples)
    .action(async (words: readonly string[], flags: RunFlags) => end(await (await import('./run.ts')).runCommand(words, flags)));

  program
    .command('list')
    .description('list the checks')
    .argument('[selections...]', 'the beginning of ids; all checks when absent')
    .option('--json', 'with requirements, and whether each check finds its own wrong server wrong')
    .action(async (words: readonly string[], flags: Flags) => end(await (await import('./list.ts')).listCommand(words, flags)));
  program
    .command('explain')
    .description('explain a check or a requirement')
    .argument('<id>', 'the id of a check, its beginning, or the id of a requirement')
    .action(async (id: string) => end(await (await import('./explain.ts')).explainCommand(id)));
  program
    .command('coverage')
    .description('tell which requirements are judged, which cannot be judged from outside and why, and which are open')
    .option('--edition <edition>', 'of the standard (default: 2013)', edition)
    .option('--json', 'as JSON')
    .action(async (flags: Flags) => end(await (await import('./coverage.ts')).coverageCommand(flags)));
  program
    .command('serve')
    .description('serve the test studies with the mock server')
    .option('--port <n>', 'the port to listen on, 0 for any that is free', wholeNumber('--port', 0, 65_535), 8080)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--edition <edition>', 'of the standard (default: 2013)', edition)
    .option('--data <dir>', 'a folder of DICOM files to serve as well; what is stored is kept there')
    .option('--fault <check>', 'be wrong in exactly the way that this check finds')
    .option('--judge-clients', 'judge the requests that come, and report at the end')
    .option('--out <dir>', 'write report.json and junit.xml on the clients there')
    .action(async (flags: ServeFlags) => end(await (await import('./serve.ts')).serveCommand(flags)));
  program
    .command('fixtures')
    .description('write the test studies as DICOM files')
    .argument('<dir>', 'the folder to write to')
    .action(async (folder: string) => end(await (await import('./fixtures.ts')).fixturesCommand(folder)));

  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError(true)
      .configureOutput({ writeErr: () => {} });
  }
  program.enablePositionalOptions().helpCommand(true).version('0.1.0', '--version', 'print the version');
  program.hook('preSubcommand', (_, command) => {
    const [misplaced] = Object.keys(program.opts());
    if (misplaced !== undefined) throw new UsageError(`Options come after the command: conformance ${command.name()} --${misplaced} …`);
  });
  return program;
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof UsageError || error instanceof Unable) {
    say(error.message);
    return error instanceof UsageError ? 64 : 2;
  }
  if (error instanceof CommanderError || error instanceof InvalidArgumentError) {
    const sentence = error.message
      .replace(/^error: /, '')
      .replace(/\n/, ' ')
      .replace(/\.?$/, '');
    say(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}: \`conformance --help\` shows how it is used.`);
    return 64;
  }
  say(`A defect of this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return 2;
}

endWithReader();
await commandLine(status => {
  process.exitCode = status;
})
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = statusOf(error);
  });
