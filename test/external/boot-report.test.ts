/**
 * What nodes say of their boots on real consoles, and that a node of which a part is missing starts nothing: systemd 252 with
 * cloud-init 22.4 (Debian 12), systemd 257 with cloud-init 25.1 (Debian 13). Needs what nodes.test.ts needs.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readBoots, type Report } from '../../generator/boot-report/boots.ts';
import { verdictOf } from '../../generator/boot-report/verdict.ts';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { kubernetesDownload, newestPatch, versionsFor, type Versions } from '../../generator/cluster/versions.ts';
import { imagesFolder } from '../../generator/host/lab/folders.ts';
import type { Lab } from '../../generator/host/lab/lab.ts';
import type { Machine } from '../../generator/host/lab/machine.ts';
import { machineArch } from '../../generator/host/lab/requirements.ts';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { sealedPlans, withPayload, type SealedPlan } from '../support/booted/payloads.ts';
import { startTestLab } from '../support/booted/test-lab.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';
const GATEWAY = '192.0.2.1';

const NODES = [
  { name: 'well', suite: 'bookworm' },
  { name: 'tampered', suite: 'trixie' },
  { name: 'unwritten12', suite: 'bookworm' },
  { name: 'unwritten13', suite: 'trixie' },
] as const;

const blueprint = (mirrorCa: string): object => ({
  apiVersion: 'triskel/v1',
  name: 'reported',
  network: { nodes: '192.0.2.0/24' },
  endpoint: { type: 'external', internal: '192.0.2.5:6443' },
  os: { name: 'debian', version: '13' },
  binaries: { mirror: `https://${GATEWAY}`, mirrorCa },
  nodes: [
    { name: 'cp0', roles: ['control-plane'], address: '192.0.2.10' },
    ...NODES.map(({ name, suite }, index) => ({
      name,
      roles: ['worker'],
      address: `192.0.2.${String(20 + index)}`,
      os: { version: suite === 'trixie' ? '13' : '12' },
    })),
  ],
});

/** A file that cannot be written stands before all others, as when a disk fills up. */
function unwritable(plan: SealedPlan): SealedPlan {
  const text = Buffer.from(cloudInit.sealed(plan.plan, 'plain')).toString('utf8');
  const broken = text.replace('\nwrite_files:\n', '\nwrite_files:\n- path: /proc/none/file\n  content: x\n');
  return withPayload(plan, Buffer.from(broken));
}

/** The kubelet's health port, for the kubelet of these nodes is one that only stays running. */
const HEALTH = `import http.server as h
class Ok(h.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
h.HTTPServer(("127.0.0.1", 10248), Ok).serve_forever()
`;

vi.setConfig({ hookTimeout: 300_000, testTimeout: 240_000 });

describe.skipIf(IMAGES === '')('nodes that report (TRISKEL_IMAGES)', () => {
  let lab: Lab;
  const machines = new Map<string, Machine>();
  const machine = (name: string): Machine => machines.get(name)!;
  const last = (name: string): ReturnType<typeof verdictOf> & { reports: readonly Report[] } => {
    const boot = readBoots(machine(name).console()).at(-1)!;
    return { ...verdictOf(boot), reports: boot.reports };
  };
  const states = (name: string): string[] => last(name).phases.map(({ phase, state }) => `${phase} ${String(state)}`);
  const isActive = async (name: string, unit: string): Promise<string> =>
    (await machine(name).run('systemctl', 'is-active', unit)).output.trim();

  beforeAll(async () => {
    const kubelet = kubernetesDownload(
      versionsFor(ownFacts, newestPatch(ownFacts)) as Versions,
      machineArch(),
      'kubelet',
    ).url;
    const started = await startTestLab('report', GATEWAY, { [kubelet]: '#!/bin/sh\nexec sleep infinity\n' });
    lab = started.lab;
    const plans = await sealedPlans(blueprint(started.mirror.ca), started.mirror);
    const wrong = { sha256: 'f'.repeat(64) };
    const tampered = plans.get('tampered')!;
    const files = tampered.plan.files.map((file) =>
      file.path === '/etc/triskel/downloads'
        ? { ...file, content: file.content.replace(/^[0-9a-f]{64}(?= \S*runc)/m, wrong.sha256) }
        : file,
    );
    const changed = { ...tampered.plan, files };
    for (const { name, suite } of NODES) {
      const own = plans.get(name)!;
      const sealed =
        name === 'well'
          ? own
          : name === 'tampered'
            ? withPayload({ ...own, plan: changed }, cloudInit.sealed(changed, 'plain'))
            : unwritable(own);
      machines.set(name, await lab.add({ name, image: join(imagesFolder(), suite), files: sealed.seed }));
    }
    await Promise.all(
      [...machines.values()].map(async (each) => {
        await each.start();
        await each.cloudInit();
      }),
    );
  });
  afterAll(async () => {
    await lab.stop();
  });

  test('a node tells each phase, waits for the last, and is complete with it', async () => {
    await expect.poll(() => states('well'), { timeout: 150_000 }).toContain('kubelet waiting');
    expect(last('well').outcome).toBe('unfinished');
    await machine('well').run('systemd-run', '--unit=health', 'python3', '-c', HEALTH);
    await expect.poll(() => last('well').outcome, { timeout: 150_000 }).toBe('complete');
    expect(states('well')).toEqual([
      'configuration ok',
      'packages ok',
      'kernel ok',
      'download ok',
      'runtime ok',
      'kubelet ok',
      'node ok',
    ]);
    expect(await isActive('well', 'triskel-report.service')).toBe('active');
    const journal = await machine('well').run('journalctl', '--unit=triskel-report', '--output=cat');
    expect(journal.output).toContain('phase=node state=ok');
  });

  test('at the next boot it tells anew', async () => {
    await machine('well').reboot();
    await expect.poll(() => states('well'), { timeout: 150_000 }).toContain('kubelet waiting');
    expect(readBoots(machine('well').console())).toHaveLength(2);
    await machine('well').run('systemd-run', '--unit=health', 'python3', '-c', HEALTH);
    await expect.poll(() => last('well').outcome, { timeout: 150_000 }).toBe('complete');
    expect(states('well')).not.toContain('configuration ok');
  });

  test('a download that is not what it should be fails, with systemd’s word on the unit, and all behind it', async () => {
    await expect.poll(() => states('tampered'), { timeout: 150_000 }).toContain('kubelet failed');
    expect(states('tampered')).toEqual(
      expect.arrayContaining(['kernel ok', 'download failed', 'runtime failed', 'kubelet failed', 'node waiting']),
    );
    const { cause, reports } = last('tampered');
    expect(cause).toMatchObject({ phase: 'download', text: expect.stringContaining('runc') as string });
    expect(reports.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ unit: 'triskel-fetch.service', result: 'exit-code', exit: '1' }),
    );
    for (const unit of ['containerd.service', 'kubelet.service'])
      expect(await isActive('tampered', unit)).toBe('inactive');
    expect(await isActive('tampered', 'triskel-fetch.service')).toBe('failed');
  });

  test.each(['unwritten12', 'unwritten13'])(
    '%s, of which files are missing, starts nothing, now or later',
    async (name) => {
      const isOff = async (): Promise<void> => {
        for (const unit of ['containerd.service', 'kubelet.service', 'triskel-fetch.service', 'triskel.target'])
          expect([unit, await isActive(name, unit)]).toEqual([unit, 'inactive']);
      };
      const { outcome, cause } = last(name);
      expect(outcome).toBe('failed');
      expect(cause).toMatchObject({ phase: 'configuration', fields: { exit: '1' } });
      expect(machine(name).console()).toContain("cannot statx '/opt/triskel/report'");
      expect((await machine(name).run('systemctl', '--failed', '--no-legend')).output).toContain('cloud-final.service');
      await isOff();
      await machine(name).reboot();
      await machine(name).cloudInit();
      await isOff();
    },
  );
});
