import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { wsErrorCode } from '../../schemas/wado-ws.ts';
import { check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, sendsText, together } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { type Desk, renderedDesk } from '../kit/givens/ws.ts';
import { unknownUid } from '../kit/offers.ts';
import { instanceNamed } from '../kit/uri.ts';
import { type ExpectedCode, expectCode } from '../kit/ws-errors.ts';
import { miscodes, onRendered } from '../kit/ws-faults.ts';
import { askRendered, type RenderingAsk } from '../kit/ws-rendered.ts';

async function expectCodeFor(
  t: Trial,
  desk: Desk,
  of: FixtureInstance,
  what: string,
  ask: RenderingAsk,
  expected: ExpectedCode,
): Promise<void> {
  expectCode(t, await askRendered(t, desk, of, ask), of.sopInstanceUID, what, expected);
}

// PS3.18-2013 Table 6.4-1; the situations overlap, so that neighbours are accepted.
export const singleFrame = check({
  id: 'wado-ws/codes-of-renderings/single-frame-format',
  title: 'A single-frame format of a multi-frame image has the code 0008',
  requires: ['WADO-WS-6.4.4-08'],
  given: { desk: renderedDesk, study: fixture('multi-frame') },
  fault: miscodes('singleFrameFormat'),
  run: (t, { desk, study }) =>
    expectCodeFor(
      t,
      desk,
      firstOf(study),
      'five frames as image/jpeg',
      {},
      {
        row: 'WADO-WS-6.4.4-08',
        situation: 'singleFrameFormat',
        or: ['unknownFormat', 'impossibleFormat'],
      },
    ),
});

export const otherClass = check({
  id: 'wado-ws/codes-of-renderings/identifier-of-another-class',
  title: 'A PresentationUID that names no presentation state has the code 0009',
  requires: ['WADO-WS-6.4.4-09'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: miscodes('notOfTheSopClass'),
  async run(t, { desk, rendering }) {
    const [ramp, quadrants] = [instanceNamed(rendering, 'ramp'), instanceNamed(rendering, 'quadrants')];
    const ask = { PresentationUID: ramp.sopInstanceUID, PresentationSeriesUID: ramp.seriesInstanceUID };
    await expectCodeFor(t, desk, quadrants, 'a PresentationUID that names an image', ask, {
      row: 'WADO-WS-6.4.4-09',
      situation: 'notOfTheSopClass',
      or: [
        'contradictingIdentifiers',
        'unsupportedSopClass',
        'invalidValue',
        'unsupportedParameter',
        'unknownPresentation',
        'unknownPresentationSeries',
      ],
    });
  },
});

export const unsupportedClass = check({
  id: 'wado-ws/codes-of-renderings/unsupported-class',
  title: 'An object of a class that is not rendered has the code 0011',
  requires: ['WADO-WS-6.4.4-11'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: miscodes('unsupportedSopClass'),
  run: (t, { desk, rendering }) =>
    expectCodeFor(
      t,
      desk,
      instanceNamed(rendering, 'flipped'),
      'a presentation state as image/jpeg',
      {},
      {
        row: 'WADO-WS-6.4.4-11',
        situation: 'unsupportedSopClass',
        or: ['unknownFormat', 'impossibleFormat', 'notOfTheSopClass'],
      },
    ),
});

export const invalidValue = check({
  id: 'wado-ws/codes-of-renderings/invalid-values',
  title: 'A parameter with a value that it cannot have has the code 0012',
  requires: ['WADO-WS-6.4.4-12'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: miscodes('invalidValue'),
  async run(t, { desk, rendering }) {
    const asks: readonly RenderingAsk[] = [{ Rows: 'abc' }, { ImageQuality: 0 }, { WindowWidth: 100 }];
    for (const ask of asks)
      await expectCodeFor(t, desk, instanceNamed(rendering, 'ramp'), `${Object.entries(ask).flat().join(' ')}`, ask, {
        row: 'WADO-WS-6.4.4-12',
        situation: 'invalidValue',
        or: ['unsupportedParameter', 'frameOutOfRange'],
      });
  },
});

/** A server that cannot burn in, and says so with a code of IHE. */
const cannotAnnotate: Fault = together(
  onRendered(hearsText(text => text.replace('<wado:Annotation>patient</wado:Annotation>', '<wado:Annotation>none</wado:Annotation>'))),
  onRendered(sendsText(text => text.replaceAll(wsErrorCode('invalidValue', '2013'), 'XDSRepositoryError'))),
);

export const unsupportedParameter = check({
  id: 'wado-ws/codes-of-renderings/unsupported-parameters',
  title: 'A valid parameter that is answered with an error has the code 0013',
  requires: ['WADO-WS-6.4.4-13'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: cannotAnnotate,
  async run(t, { desk, rendering }) {
    const asks: readonly RenderingAsk[] = [
      { Annotation: 'patient' },
      { Columns: 200 },
      { ImageQuality: 50 },
      { WindowCenter: 40, WindowWidth: 400 },
    ];
    for (const ask of asks)
      await expectCodeFor(t, desk, instanceNamed(rendering, 'ramp'), `${Object.entries(ask).flat().join(' ')}`, ask, {
        row: 'WADO-WS-6.4.4-13',
        situation: 'unsupportedParameter',
        or: ['invalidValue'],
      });
  },
});

export const frameRange = check({
  id: 'wado-ws/codes-of-renderings/frame-out-of-range',
  title: 'A frame number that no frame has has the code 0018',
  requires: ['WADO-WS-6.4.4-18'],
  given: { desk: renderedDesk, study: fixture('multi-frame') },
  fault: miscodes('frameOutOfRange'),
  async run(t, { desk, study }) {
    for (const FrameNumber of [6, 0])
      await expectCodeFor(
        t,
        desk,
        firstOf(study),
        `frame ${FrameNumber} of five`,
        { FrameNumber },
        {
          row: 'WADO-WS-6.4.4-18',
          situation: 'frameOutOfRange',
          or: ['invalidValue'],
        },
      );
  },
});

export const presentationUnknown = check({
  id: 'wado-ws/codes-of-renderings/unknown-presentation',
  title: 'An unknown PresentationUID has the code 0019, an unknown PresentationSeriesUID 0020',
  requires: ['WADO-WS-6.4.4-19', 'WADO-WS-6.4.4-20'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: together(miscodes('unknownPresentation'), miscodes('unknownPresentationSeries')),
  async run(t, { desk, rendering }) {
    const [quadrants, state] = [instanceNamed(rendering, 'quadrants'), instanceNamed(rendering, 'flipped')];
    const unknown = { PresentationUID: unknownUid, PresentationSeriesUID: state.seriesInstanceUID };
    await expectCodeFor(t, desk, quadrants, 'an unknown PresentationUID', unknown, {
      row: 'WADO-WS-6.4.4-19',
      situation: 'unknownPresentation',
      or: ['unknownDocument', 'unknownPresentationSeries', 'unsupportedParameter'],
    });
    const otherSeries = { PresentationUID: state.sopInstanceUID, PresentationSeriesUID: unknownUid };
    await expectCodeFor(t, desk, quadrants, 'an unknown PresentationSeriesUID', otherSeries, {
      row: 'WADO-WS-6.4.4-20',
      situation: 'unknownPresentationSeries',
      or: ['unknownPresentation', 'contradictingIdentifiers', 'unknownSeries', 'unsupportedParameter'],
    });
  },
});
