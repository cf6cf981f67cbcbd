/** cloud-init's own schema, its own reading of the user-data, and the script that it makes of runcmd. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { adaptedPlan, items, smallCluster } from '../support/plans.ts';
import { readBack } from '../support/read-back.ts';
import { run, type Run } from '../support/programs.ts';

const plan = adaptedPlan(smallCluster('debian'), items);
const payloads = [
  ['for review', Buffer.from(cloudInit.reviewed(plan))],
  ...cloudInit.encodings.map((encoding) => [encoding, cloudInit.sealed(plan, encoding)] as const),
] as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-cloud-init-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('cloud-init schema', () => {
  function schema(text: string): Run {
    const path = join(folder, 'user-data');
    writeFileSync(path, text);
    return run('cloud-init', ['schema', '--config-file', path]);
  }

  test.each(['plain', 'gzip-files'] as const)('accepts %s', (encoding) => {
    const { code, output } = schema(Buffer.from(cloudInit.sealed(plan, encoding)).toString('utf8'));
    expect(output).toContain('Valid cloud-config');
    expect(code).toBe(0);
  });

  test('accepts what is written for review, and a cluster without users', () => {
    const alone = adaptedPlan(smallCluster('debian'), []);
    for (const text of [cloudInit.reviewed(plan), cloudInit.reviewed(alone)]) {
      expect(schema(text)).toEqual({ code: 0, output: expect.stringContaining('Valid cloud-config') as string });
    }
  });

  test('refuses an unknown key and a mode that is a number', () => {
    const text = cloudInit.reviewed(plan);
    expect(schema(text.replace('package_update: true', 'package_update: maybe')).code).toBe(1);
    expect(schema(text.replace('permissions: "0644"', 'permissions: 0644')).code).toBe(1);
  });
});

interface Reading {
  readonly config: object;
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
}

function reading(payload: Uint8Array): Reading {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['test/support/cloud_init.py'], { input: payload });
  if (status !== 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as Reading;
}

describe('cloud-init reads', () => {
  test.each(payloads)('the same files as the plan has: %s', (_title, payload) => {
    const { files } = readBack('cloud-init', payload, () => '');
    const contents = Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]));
    expect(reading(payload).files).toEqual(contents);
  });
});

describe('the script of the first boot', () => {
  const script = reading(Buffer.from(cloudInit.reviewed(plan)))
    .script.replaceAll('/opt/triskel/report', 'report')
    .replaceAll('/run/cloud-init/status.json', '"$STATUS"');
  /** As cloud-init writes it (atomic_helper.write_json): every stage's errors, and from 23.4 on those it recovered from. */
  const status = (errors: readonly string[]): void => {
    const stages = {
      init: { errors, recoverable_errors: { WARNING: ['x'] } },
      'init-local': { errors: [], finished: 1 },
    };
    writeFileSync(join(folder, 'status.json'), `${JSON.stringify({ v1: { datasource: 'x', ...stages } }, null, 1)}\n`);
  };
  const programs = ['stat', 'report', 'rm', 'dpkg-query', 'dpkg', 'systemctl', 'install', 'mkdir', 'ln'];
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

  /** Every program is a stub that writes down how it was called, and fails where `failing` matches the call. */
  function boot(failing = '^$'): Run {
    for (const program of programs) {
      const stub = join(folder, program);
      writeFileSync(
        stub,
        `#!/bin/sh\necho "${program} $*" >>${folder}/calls\n! echo "${program} $*" | grep -qE "$FAILING"\n`,
      );
      chmodSync(stub, 0o755);
    }
    writeFileSync(join(folder, 'runcmd'), script);
    return run('/bin/sh', [join(folder, 'runcmd')], { env: { ...env(), FAILING: failing } });
  }

  const env = (): NodeJS.ProcessEnv => ({
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    STATUS: join(folder, 'status.json'),
    FAILING: '^$',
  });

  beforeEach(() => {
    writeFileSync(join(folder, 'calls'), '');
    status([]);
  });

  test('ends by queueing everything of ours', () => {
    expect(boot()).toEqual({ code: 0, output: '' });
    expect(calls()[0]).toMatch(/^stat --printf= .*\/opt\/triskel\/fetch .*\/triskel\.target /);
    expect(calls()).toContain('rm /usr/sbin/policy-rc.d');
    expect(calls()).toContain('systemctl stop apt-daily-upgrade.timer apt-daily.timer swap.target');
    expect(calls()).toContain('systemctl mask --now apt-daily-upgrade.timer apt-daily.timer swap.target');
    expect(calls()).toContain('systemctl start var-lib-etcd.mount');
    expect(calls().at(-1)).toBe(
      'systemctl start --no-block a.service triskel-fetch.service triskel-report.service triskel.target',
    );
  });

  test('masks what the image does not have and nobody can stop', () => {
    expect(boot('^systemctl stop').code).toBe(0);
    expect(calls()).toContain('systemctl mask --now apt-daily-upgrade.timer apt-daily.timer swap.target');
  });

  test('mounts before it makes folders', () => {
    boot();
    const order = ['systemctl start var-lib-etcd.mount', 'install --directory --mode=0700 /var/lib/etcd'];
    expect(calls().filter((call) => order.includes(call))).toEqual(order);
  });

  test.each(['^stat', '^dpkg-query', '^systemctl daemon-reload', '^systemctl start var-lib-etcd.mount', '^ln'])(
    'starts nothing when %s fails, and says so',
    (failing) => {
      const { code, output } = boot(failing);
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /^triskel\/1 node=\S+ phase=[a-z]+ state=failed exit=\d+ say="the first boot failed, nothing was started"\n$/,
      );
      expect(calls().filter((call) => call.includes('--no-block'))).toEqual([]);
    },
  );

  test('starts nothing when an earlier stage of cloud-init failed, and tells of no file’s content', () => {
    status(["('write_files', UnicodeDecodeError('utf-8', b'key of mine', 0, 1, 'x'))"]);
    const { code, output } = boot();
    expect(code).toBe(1);
    expect(output).toContain("('write_files', UnicodeDecodeError\n");
    expect(output).not.toContain('key of mine');
    expect(calls().filter((call) => call.includes('--no-block'))).toEqual([]);
    rmSync(join(folder, 'status.json'));
    expect(boot().code).not.toBe(0);
  });

  test('starts nothing when a package is half installed', () => {
    const audit = script.replace('$(dpkg --audit)', '$(echo half)');
    expect(audit).not.toBe(script);
    writeFileSync(join(folder, 'runcmd'), audit);
    const { code } = run('/bin/sh', [join(folder, 'runcmd')], { env: env() });
    expect(code).toBe(1);
    expect(calls().filter((call) => call.includes('--no-block'))).toEqual([]);
  });
});
