import { check } from '../harness/check.ts';
import { sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk } from '../kit/givens/ws.ts';
import { looksLike } from '../kit/read/picture.ts';
import { instanceNamed } from '../kit/uri.ts';
import { onRendered } from '../kit/ws-faults.ts';
import { askRendered, type Rendered, renderedBy, renderedOrNull } from '../kit/ws-rendered.ts';

// PS3.18-2013 6.4.2.2.
export const presentation = check({
  id: 'wado-ws/rendered-marks/the-presentation-state-is-told',
  title: 'PresentationUID and PresentationSeriesUID are those of the state that was used, and absent where none was',
  requires: ['WADO-WS-6.4.2.2-18'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace(/<wado:PresentationUID>.*?<\/wado:PresentationUID>/, ''))),
  async run(t, { desk, rendering }) {
    const quadrants = instanceNamed(rendering, 'quadrants');
    const state = instanceNamed(rendering, 'flipped');
    const asked = [state.sopInstanceUID, state.seriesInstanceUID] as const;
    const told = ({ response }: Rendered) => ['PresentationUID', 'PresentationSeriesUID'].map(name => response.text(name) ?? '');
    const plain = await renderedBy(t, desk, quadrants);
    t.expect('PresentationUID and PresentationSeriesUID without a state', told(plain), ['', '']);
    const through = await renderedOrNull(t, desk, quadrants, { PresentationUID: asked[0], PresentationSeriesUID: asked[1] });
    if (!through || looksLike(through.picture, plain.picture))
      t.record('a rendering through a presentation state', through ? 'without it' : 'an error');
    else
      t.expect(
        'whether PresentationUID and PresentationSeriesUID are those of the request',
        told(through).map((uid, i) => uid === asked[i]),
        [true, true],
      );
  },
});

// 8.1.7: the mark of an anonymised rendering, or an error.
export const anonymize = check({
  id: 'wado-ws/rendered-marks/an-anonymised-rendering-says-so',
  title: 'A rendering that was asked for with Anonymize is marked as anonymised, or an error is reported',
  requires: ['WADO-WS-8.1.7-02', 'WADO-WS-6.4.2.2-19'],
  given: { desk: renderedDesk, identified: fixture('identified') },
  fault: onRendered(sendsText(text => text.replace(/<wado:Anonymize>.*?<\/wado:Anonymize>/, ''))),
  async run(t, { desk, identified }) {
    const instance = instanceNamed(identified, 'first');
    const answer = await askRendered(t, desk, instance, { Anonymize: 'yes' });
    const [response] = answer.documents;
    if (!response) {
      t.record('a rendering with Anonymize', answer.errors.map(({ errorCode }) => errorCode).join() || 'refused');
      return;
    }
    const marked = response.element.children.some(({ name }) => name === 'Anonymize');
    t.expect('whether a rendering with Anonymize has the element Anonymize', marked, true);
    t.expect('Anonymize of an anonymised rendering', marked ? 'there' : 'not there', 'there', { row: 'WADO-WS-6.4.2.2-19' });
  },
});
