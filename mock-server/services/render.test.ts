import { expect, test } from 'vitest';
import { secondaryCapture } from '../../fixtures/corpus/common.ts';
import { pixels } from '../../fixtures/pixels.ts';
import { study } from '../../fixtures/recipe.ts';
import { encodePictures } from '../render/encode.ts';
import { storedInstance } from '../storage/store.ts';
import { render } from './render.ts';

function image(rows: number, columns: number) {
  const [instance] = study({
    name: 'image',
    number: 99,
    about: 'image',
    attributes: secondaryCapture,
    series: [
      {
        sopClass: 'Secondary Capture Image Storage',
        attributes: {},
        instances: [{ name: 'image', pixels: pixels({ rows, columns }, 1, ({ row, column }) => (row + column) % 256) }],
      },
    ],
  }).instances;
  return storedInstance(instance?.part10() ?? expect.unreachable());
}

test('the same rendering is made once, and encoded once', async () => {
  const small = image(20, 30);
  const rendered = await render(small, { rows: 10 });
  expect(await render(small, { rows: 10 })).toBe(rendered);
  expect((await render(small, { rows: 5 })).frames[0]?.height).toBe(5);
  const png = await encodePictures(rendered, 'image/png');
  expect(await encodePictures(rendered, 'image/png')).toBe(png);
  expect(await encodePictures(rendered, 'image/jpeg')).not.toEqual(png);
  expect(await encodePictures(rendered, 'image/jpeg', { quality: 10 })).not.toEqual(await encodePictures(rendered, 'image/jpeg'));
});

test('another instance with the same UIDs is rendered anew', async () => {
  const [one, other] = [image(20, 30), image(20, 30)];
  expect(await render(other)).not.toBe(await render(one));
});

test('large renderings and failures are not kept', async () => {
  const large = image(1200, 1000);
  const first = await render(large);
  expect(await render(large)).not.toBe(first);
  await expect(render(large, { frame: 2 })).rejects.toThrow('There is no frame 2');
  await expect(render(large, { frame: 2 })).rejects.toThrow('There is no frame 2');
});
