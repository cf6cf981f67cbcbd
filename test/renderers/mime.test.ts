import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multipart } from '../../generator/renderers/mime.ts';
import { readParts } from '../support/mime.ts';

const script = { type: 'text/x-shellscript', name: '00-a.sh', text: '#!/bin/sh\necho a\n' };
const boundaryOf = (message: string): string => /boundary="([^"]+)"/.exec(message)?.[1] ?? '';

describe('a multipart message', () => {
  test('reads as it was written, whatever is in the parts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (texts) => {
        const message = multipart(texts.map((text, index) => ({ ...script, name: `${String(index)}.sh`, text })));
        expect(readParts(message).map(({ text }) => text)).toEqual(texts);
      }),
    );
  });

  test('keeps plain text readable, and encodes what Python would read as something else', () => {
    const parts = readParts(
      multipart([script, { ...script, text: '#!/bin/sh\necho ü\n' }, { ...script, text: 'a'.repeat(999) }]),
    );
    expect(parts.map(({ headers }) => headers['Content-Transfer-Encoding'])).toEqual(['7bit', 'base64', 'base64']);
  });

  test('has a boundary that follows from its parts and stands in none of them', () => {
    const message = multipart([script]);
    expect(multipart([script])).toBe(message);
    expect(boundaryOf(multipart([{ ...script, text: 'other\n' }]))).not.toBe(boundaryOf(message));
    const own = multipart([{ ...script, text: `--${boundaryOf(message)}\n` }]);
    expect(own.split(boundaryOf(own)).length).toBe(4);
  });
});
