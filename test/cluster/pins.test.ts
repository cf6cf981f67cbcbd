import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPins, parsePins, pinsFileOf } from '../../generator/cluster/pins.ts';

const hash = 'a'.repeat(64);

describe('a pins file', () => {
  test('lies beside its blueprint', () => {
    expect(pinsFileOf('blueprints/x.yaml')).toBe('blueprints/x.pins.yaml');
    expect(pinsFileOf('y.yml')).toBe('y.pins.yaml');
  });

  test('reads back as written, whatever its keys, and does not depend on their order', () => {
    const entries = (value: string): fc.Arbitrary<Record<string, string>> =>
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((k) => k !== '__proto__'),
        fc.constant(value),
      );
    fc.assert(
      fc.property(entries(hash), entries(`sha256:${hash}`), (downloads, images) => {
        const text = formatPins({ downloads, images });
        expect(parsePins('p', text)).toEqual({ value: { downloads, images }, diagnostics: [] });
        const turned = Object.fromEntries(Object.entries(downloads).reverse());
        expect(formatPins({ downloads: turned, images })).toBe(text);
      }),
    );
  });

  test('reads back a key that means something to readers of YAML 1.1', () => {
    const pins = { downloads: { '<<': hash }, images: {} };
    expect(parsePins('p', formatPins(pins)).value).toEqual(pins);
  });

  test('may be empty of either kind', () => {
    expect(parsePins('p', 'images:\n').value).toEqual({ downloads: {}, images: {} });
  });

  test.each([
    ['a hash in capitals', `downloads: {https://x/y: ${'A'.repeat(64)}}`, 'the hash of https://x/y is not'],
    ['a hash that is too short', 'downloads: {https://x/y: abc}', 'the hash of https://x/y is not'],
    [
      'a hash that YAML reads as a number',
      `downloads: {https://x/y: ${'1'.repeat(64)}}`,
      '… is not a number in plain decimal digits',
    ],
    ['a digest without its algorithm', `images: {a:1: ${hash}}`, 'the hash of a:1 is not'],
    ['an unknown key', 'image: {}', 'unknown key "image"'],
    ['a list', 'images: [a]', '"images" is not a map'],
    ['broken YAML', 'images: {', 'flow map'],
  ])('with %s is refused', (_what, text, message) => {
    const { value, diagnostics } = parsePins('p.yaml', text);
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message.toLowerCase()).toContain(message.toLowerCase());
    expect(diagnostics[0]?.places[0]?.file).toBe('p.yaml');
  });
});
