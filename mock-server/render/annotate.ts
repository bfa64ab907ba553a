import type { DataSet } from '../../schemas/data-set.ts';
import { textOf, textsOf } from '../dicom/values.ts';
import { cell, drawText } from './font.ts';
import { type Picture, paint } from './picture.ts';

/** What may be burned in (PS3.18-2013 8.2.1). */
export type Annotation = 'patient' | 'technique';

/** Burns lines about the patient into the upper left corner and about the technique into the lower left one, white with a black edge. */
export function annotated(picture: Picture, items: readonly Annotation[], dataSet: DataSet, frame: number): Picture {
  const copy = { ...picture, samples: Uint8Array.from(picture.samples) };
  const scale = Math.max(1, Math.floor(Math.min(copy.width / 256, copy.height / 192)));
  const lineHeight = cell.height * scale;
  const margin = 2 * scale;
  if (items.includes('patient')) writeLines(copy, patientLines(dataSet), margin, margin, scale);
  if (items.includes('technique')) {
    const lines = techniqueLines(dataSet, frame);
    writeLines(copy, lines, margin, Math.max(margin, copy.height - lines.length * lineHeight), scale);
  }
  return copy;
}

function writeLines(picture: Picture, lines: readonly string[], left: number, top: number, scale: number): void {
  for (const [i, line] of lines.entries()) writeText(picture, line, left, top + i * cell.height * scale, scale);
}

/** Burns a line of text in, its upper left corner at the pixel. */
export function writeText(picture: Picture, text: string, left: number, top: number, scale = 1): void {
  const block = (gray: number, around: number) => (x: number, y: number) => {
    for (let dy = -around; dy < scale + around; dy += 1)
      for (let dx = -around; dx < scale + around; dx += 1) paint(picture, left + x * scale + dx, top + y * scale + dy, gray);
  };
  drawText(text, block(0, 1));
  drawText(text, block(255, 0));
}

const joined = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(' ');
const date = (text: string): string => text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
const time = (text: string): string => text.replace(/^(\d\d)(\d\d)(\d\d).*$/, '$1:$2:$3');
const labelled = (label: string, text: string): string => (text === '' ? '' : `${label} ${text}`);

function patientLines(dataSet: DataSet): readonly string[] {
  const [name = ''] = textOf(dataSet, 'PatientName').split('=');
  return [
    name.split('^').filter(Boolean).join(', '),
    textOf(dataSet, 'PatientID'),
    joined(date(textOf(dataSet, 'PatientBirthDate')), textOf(dataSet, 'PatientSex')),
  ].filter(line => line !== '');
}

function techniqueLines(dataSet: DataSet, frame: number): readonly string[] {
  const several = textOf(dataSet, 'NumberOfFrames') !== '';
  const number = joined(
    labelled('Se', textOf(dataSet, 'SeriesNumber')),
    labelled('Im', textOf(dataSet, 'InstanceNumber')),
    several ? `Fr ${frame + 1}` : '',
  );
  return [
    joined(textOf(dataSet, 'Modality'), number),
    joined(date(textOf(dataSet, 'StudyDate')), time(textOf(dataSet, 'StudyTime'))),
    joined(labelled('kV', textOf(dataSet, 'KVP')), labelled('mm', textOf(dataSet, 'SliceThickness'))),
    labelled('Pos', textsOf(dataSet, 'ImagePositionPatient').join(' ')),
  ].filter(line => line !== '');
}
