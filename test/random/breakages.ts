/** Valid blueprints, broken. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Document } from './blueprints.ts';

export interface Broken {
  readonly text: string;
  /** False: it may still be a valid blueprint. */
  readonly isSurelyBroken: boolean;
}

type Path = readonly (string | number)[];

/** The path of every value in a document. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) =>
      pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** The document with another value at a path. */
export function replaced(value: unknown, [step, ...rest]: Path, other: unknown): unknown {
  if (step === undefined) return other;
  const copy: unknown = structuredClone(value);
  (copy as Record<string | number, unknown>)[step] = replaced(
    (copy as Record<string | number, unknown>)[step],
    rest,
    other,
  );
  return copy;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], value);
}

/** Values that want to be something else than a value. */
export const hostile = fc.constantFrom(
  'a\nb',
  'a\r\nExecStart=/bin/sh',
  '"',
  "'",
  '"; reboot; "',
  "'; reboot; '",
  '$(reboot)',
  '`reboot`',
  '${HOME}',
  '%n %h',
  '<%= it %>',
  '%>',
  '\\',
  '\\"',
  '\u2028',
  '\u0000',
  '\u202e',
  '\ud800',
  '${triskel:cluster-ca/key}',
  '#',
  ': ',
  ' a',
  'a ',
  '- a',
  '{a: b}',
  '*a',
  '&a',
  '!a',
  '|',
  '>',
  '---',
  '...',
  '~',
  'null',
  'yes',
  '010',
  '1e3',
  '=',
  '<<',
  '\t',
  ']]>',
  '-----END CERTIFICATE-----',
  'é',
  '../../etc/passwd',
  '',
  'x'.repeat(5000),
);

const strange = fc.oneof(
  hostile,
  fc.constantFrom<unknown>(null, true, -1, 1e21, 0.5, [], {}, [[]], { a: { b: 1 } }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.anything({ maxDepth: 2, withNullPrototype: false }).filter(isYaml),
);

function isYaml(value: unknown): boolean {
  try {
    stringify(value);
    return value !== undefined;
  } catch {
    return false;
  }
}

const textOf = (document: unknown): string => stringify(document, { aliasDuplicateObjects: false });

export function breakages(document: Document): fc.Arbitrary<Broken> {
  const paths = pathsOf(document).slice(1);
  const maps = pathsOf(document).filter(
    (path) =>
      isMap(valueAt(document, path)) &&
      !/labels|extraArguments|configuration|k3s\.(agent|server)|pacemaker\.fencing|corosync\.nodeIds/.test(
        path.join('.'),
      ),
  );
  const text = textOf(document);
  return fc.oneof(
    fc
      .record({ path: fc.constantFrom(...paths), value: strange })
      .map(({ path, value }) => ({ text: textOf(replaced(document, path, value)), isSurelyBroken: false })),
    fc
      .constantFrom(...maps)
      .map((path) => ({ text: textOf(replaced(document, [...path, 'unheardOf'], 1)), isSurelyBroken: true })),
    fc.constantFrom('apiVersion', 'name', 'network').map((key) => ({
      text: textOf(Object.fromEntries(Object.entries(document).filter(([other]) => other !== key))),
      isSurelyBroken: true,
    })),
    fc
      .constantFrom(...maps.slice(1), ['apiVersion'])
      .map((path) => ({ text: textOf(replaced(document, path, 'a word')), isSurelyBroken: true })),
    fc
      .record({
        at: fc.nat({ max: text.length - 1 }),
        length: fc.nat({ max: 5 }),
        junk: fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 5 })),
      })
      .map(({ at, length, junk }) => ({
        text: text.slice(0, at) + junk + text.slice(at + length),
        isSurelyBroken: false,
      })),
  );
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The same with every map's keys the other way round. */
export function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}
