import { beforeAll, describe, expect, test } from 'vitest';
import { daysLeft, reviewExpiry, termOf } from '../../generator/secrets/expiry.ts';
import { selectLeaves } from '../../generator/secrets/renew.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { NOW, specOf, storeOf } from '../support/secrets.ts';

let spec: SecretsSpec;
let store: Store;
beforeAll(async () => {
  spec = specOf();
  const made = await storeOf(spec);
  const admin = made.certificates['admin'];
  if (admin === undefined) throw new Error('no admin');
  store = {
    ...made,
    certificates: { ...made.certificates, admin: { ...admin, notAfter: '2030-02-01T00:00:00.000Z' } },
  };
});

const at = (text: string): Date => new Date(text);

describe('terms', () => {
  test.each([
    ['leaf', 1095, '2030-01-01', 'expired'],
    ['leaf', 1095, '2030-01-02', 'expired'],
    ['leaf', 1095, '2030-01-04', 'expires soon'],
    ['leaf', 1095, '2030-04-01', 'expires soon'],
    ['leaf', 1095, '2030-04-04', 'good'],
    ['leaf', 30, '2030-01-20', 'good'],
    ['leaf', 30, '2030-01-10', 'expires soon'],
    ['ca', 3650, '2030-12-31', 'expires soon'],
    ['ca', 3650, '2031-01-05', 'good'],
  ] as const)('a %s of %i days that ends on %s: %s', (kind, lifetime, end, term) => {
    expect(termOf(`${end}T00:00:00.000Z`, kind, lifetime, NOW)).toBe(term);
  });

  test('days left are whole ones', () => {
    expect(daysLeft('2030-01-04T03:04:05.000Z', NOW)).toBe(1);
    expect(daysLeft('2030-01-02T03:04:04.000Z', NOW)).toBe(-1);
  });
});

describe('reviewExpiry', () => {
  const said = (now: Date): string[] =>
    reviewExpiry(spec, store, now).map(({ code, message }) => `${code}: ${message}`);
  const others = (): number => spec.certificates.length - 1;

  test('names the first and counts the rest', () => {
    expect(said(at('2029-10-01'))).toEqual([]);
    expect(said(NOW)).toEqual(['secrets/expires-soon: admin expires on 2030-02-01']);
    expect(said(at('2030-03-01'))).toEqual(['secrets/expired: admin expired on 2030-02-01']);
    expect(said(at('2032-12-01'))).toEqual([
      'secrets/expired: admin expired on 2030-02-01',
      expect.stringMatching(`secrets/expires-soon: \\S+ expires on 2033-01-01, and ${String(others() - 1)} more`),
    ]);
  });
});

describe('selectLeaves', () => {
  const select = (selection: Parameters<typeof selectLeaves>[2]): string[] => [
    ...(selectLeaves(spec, store, selection, NOW).value ?? []),
  ];

  test('by node, id, days, or all', () => {
    expect(select({ by: 'node', node: 'worker0' })).toEqual([
      'kubelet-client.worker0',
      'kubelet-server.worker0',
      'kube-proxy.worker0',
    ]);
    expect(select({ by: 'id', ids: ['admin'] })).toEqual(['admin']);
    expect(select({ by: 'days', days: 60 })).toEqual(['admin']);
    expect(select({ by: 'days', days: 20 })).toEqual([]);
    expect(select({ by: 'all' })).toEqual(spec.certificates.map(({ id }) => id));
  });

  test.each([
    [{ by: 'node', node: 'worker9' } as const, 'no node "worker9". Did you mean "worker0"?'],
    [{ by: 'id', ids: ['admin', 'adnim'] } as const, 'no certificate "adnim". Did you mean "admin"?'],
  ])('refuses what is not there', (selection, text) => {
    const { value, diagnostics } = selectLeaves(spec, store, selection, NOW);
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.code).toBe('secrets/unknown-name');
    expect(diagnostics[0]?.message).toContain(text);
  });
});
