/** What stands in for Kubernetes' programs in a lab takes what is generated, and refuses what those would. Needs python3 and its yaml. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { newestPatch, versionsFor, type Versions } from '../../generator/cluster/versions.ts';
import { standInFor } from '../../generator/lab/programs.ts';
import { run, type Run } from '../support/programs.ts';
import { sealedPlans } from '../support/booted/payloads.ts';
import { SSH_KEY } from '../support/triskel.ts';

const BLUEPRINT = {
  apiVersion: 'triskel/v1',
  name: 'demo',
  controlPlane: { runs: 'systemd' },
  network: { nodes: '127.0.0.0/24' },
  os: { name: 'debian' },
  access: { users: [{ name: 'ops', sshKeys: [SSH_KEY] }] },
  nodes: [{ name: 'cp0', roles: ['control-plane'], address: '127.0.0.10' }],
};

describe('the stand-in for kube-apiserver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-stand-in-'));
  const program = join(folder, 'kube-apiserver');
  let args: string[] = [];

  /** With the generated arguments but for these; a file's path leads into the folder. */
  const started = (change: (args: string[]) => string[]): Run =>
    run('timeout', ['40', 'python3', program, ...change(args)]);

  beforeAll(async () => {
    const plans = await sealedPlans(BLUEPRINT, { offer: () => ({ hashes: {}, supplies: [] }) });
    const { files, units } = plans.get('cp0')!.plan;
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    writeFileSync(program, standInFor('kube-apiserver', versionsFor(ownFacts, newestPatch(ownFacts)) as Versions));
    const text = units.find(({ name }) => name === 'kube-apiserver.service')?.content ?? '';
    const [, line = ''] = /^ExecStart=((?:.*\\\n)*.*)/m.exec(text) ?? [];
    args = line
      .split(/\s+\\\n\s+/)
      .slice(1)
      .map((arg) => arg.replace('=/etc/', `=${folder}/etc/`));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('takes what is generated, and ends when there is no etcd', () => {
    expect(args.length).toBeGreaterThan(20);
    const { code, output } = started((all) => all);
    expect(output).toContain('error creating storage: context deadline exceeded');
    expect(code).toBe(1);
  }, 60_000);

  test.each([
    ['a flag that it does not know', (all: string[]) => [...all, '--no-such-flag=1'], 'unknown flag: --no-such-flag'],
    ['what is no flag', (all: string[]) => [...all, 'serve'], 'unknown command "serve"'],
    ['a file that is not there', (all: string[]) => [...all, '--audit-policy-file=/no/such'], '/no/such: '],
    [
      'a certificate without its key',
      (all: string[]) => all.map((arg) => arg.replace(/pki\/apiserver\.key$/, 'pki/sa.key')),
      'apiserver.crt',
    ],
  ])('refuses %s', (_what, change, message) => {
    const { code, output } = started(change);
    expect(output).toContain(message);
    expect(code).toBe(1);
  });
});
