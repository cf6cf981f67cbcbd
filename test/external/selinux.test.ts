/** What SELinux's own programs make of the labels: setfiles as Ignition calls it, on a tree of what a node has. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adaptedPlan, smallCluster } from '../support/plans.ts';
import { run } from '../support/programs.ts';

/**
 * The lines that count here of the policy's own contexts (fedora-selinux/selinux-policy, corecommands.fc and files.fc). systemd
 * starts what is bin_t or usr_t as a service of its own domain (corecmd_bin_domtrans in corecommands.if), and nothing of var_t.
 */
const CONTEXTS = `/.*	system_u:object_r:default_t:s0
/var/.*	system_u:object_r:var_t:s0
/opt/.*	system_u:object_r:usr_t:s0
/opt/(.*/)?bin(/.*)?	system_u:object_r:bin_t:s0
`;

const FILES = ['var/opt/bin/kubelet', 'var/opt/etcd/bin/etcd', 'var/opt/cni/bin/bridge', 'var/opt/triskel/fetch'];

const SUBSTITUTIONS = 'etc/selinux/targeted/contexts/files/file_contexts.subs';

describe('on Fedora CoreOS, where /opt is a link to /var/opt', () => {
  const plan = adaptedPlan(smallCluster('fedora-coreos'), []);
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'triskel-selinux-'));
    for (const path of FILES) write(path, '');
    write(dirname(SUBSTITUTIONS) + '/file_contexts', CONTEXTS);
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test('programs have labels that systemd does not start, by an older policy alone', () => {
    expect(labels()).toEqual(['var_t', 'var_t', 'var_t', 'var_t']);
  });

  test('programs and scripts have labels that systemd starts', () => {
    const file = plan.files.find(({ path }) => path === `/${SUBSTITUTIONS}`);
    write(SUBSTITUTIONS, file?.content ?? '');
    expect(labels()).toEqual(['bin_t', 'bin_t', 'bin_t', 'usr_t']);
  });

  function write(path: string, content: string): void {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  /** What setfiles would set: nothing is written, for this machine may have no SELinux. */
  function labels(): string[] {
    const contexts = join(root, dirname(SUBSTITUTIONS), 'file_contexts');
    return FILES.map((path) => {
      const { code, output } = run('setfiles', ['-nvF', '-r', root, contexts, join(root, path)]);
      expect(code, output).toBe(0);
      return /to system_u:object_r:(\w+):s0/.exec(output)?.[1] ?? output;
    });
  }
});
