import { beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../generator/diagnostics/diagnostic.ts';
import { readStore, storeText, type Store } from '../../generator/secrets/store.ts';
import { specOf, storeOf } from '../support/secrets.ts';

let store: Store;
beforeAll(async () => {
  store = await storeOf(specOf());
});

const read = (text: string, cluster = 'demo') => readStore(text, cluster, 'demo.secrets.age');
const only = (diagnostics: readonly Diagnostic[]): Diagnostic | undefined =>
  diagnostics.length === 1 ? diagnostics[0] : undefined;

test('what is written is read again, byte by byte', () => {
  const { value, diagnostics } = read(storeText(store));
  expect(diagnostics).toEqual([]);
  expect(value).toEqual(store);
  expect(storeText(value as Store)).toBe(storeText(store));
});

describe('a store is refused', () => {
  const edited = (edit: (copy: Record<string, never>) => void): string => {
    const copy = JSON.parse(storeText(store)) as Record<string, never>;
    edit(copy);
    return JSON.stringify(copy);
  };
  const set = (path: string, value: unknown) => (copy: Record<string, never>) => {
    const steps = path.split('#');
    const parent = steps.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
    parent[steps.at(-1) ?? ''] = value;
  };

  test.each([
    ['no JSON', () => storeText(store).slice(0, -9), 'secrets/store-damaged', 'is not JSON'],
    ['null', () => 'null', 'secrets/store-damaged', 'breaks its form'],
    ['empty', () => '', 'secrets/store-damaged', 'is not JSON'],
    ['newer', () => edited(set('format', 2)), 'secrets/store-format', 'newer than 1'],
    ['older', () => edited(set('format', 0)), 'secrets/store-format', 'older than 1'],
    ['no format', () => edited(set('format', undefined)), 'secrets/store-damaged', 'breaks its form at /'],
    ['of an unknown field', () => edited(set('more', {})), 'secrets/store-damaged', 'additionalProperties'],
    [
      'with a key that is cut',
      () => edited(set('certificates#admin#key', store.certificates['admin']?.key.slice(0, -5))),
      'secrets/store-damaged',
      '/certificates/admin/key (pattern)',
    ],
    ['with a value that is none', () => edited(set('values#a/b', 'x')), 'secrets/store-damaged', '/values/a~1b'],
    [
      'without a certificate’s issuer',
      () => edited(set('certificates#admin#issuer', undefined)),
      'secrets/store-damaged',
      '/certificates/admin (required)',
    ],
    [
      'of a CA without algorithm',
      () => edited(set('cas#etcd-ca#current#algorithm', 'dsa')),
      'secrets/store-damaged',
      'enum',
    ],
  ])('%s', (_what, text, code, message) => {
    const { value, diagnostics } = read(text());
    expect(value).toBeUndefined();
    expect(only(diagnostics)?.code).toBe(code);
    expect(only(diagnostics)?.message).toContain(message);
    expect(only(diagnostics)?.places).toEqual([{ file: 'demo.secrets.age' }]);
  });

  test('of another cluster', () => {
    const { value, diagnostics } = read(storeText(store), 'other');
    expect(value).toBeUndefined();
    expect(only(diagnostics)?.code).toBe('secrets/other-cluster');
  });

  test('without a byte of it in what is said', () => {
    const secret = 'c2VjcmV0LWNhbmFyeQ';
    const texts = [`{"format":1,"values":{"a/b":"${secret}"}}`, `{"${secret}`, `"${secret}"`, `{"format":"${secret}"}`];
    expect(texts.flatMap((text) => read(text).diagnostics)).toHaveLength(4);
    expect(JSON.stringify(texts.map((text) => read(text)))).not.toContain(secret);
  });
});
