/** `triskel lab` as its users run it: a worker of a small cluster, booted, broken and mended. Needs what test/alone/lab.test.ts needs. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { labNames } from '../../generator/host/lab/folders.ts';
import { openLab } from '../../generator/host/lab/lab.ts';
import { blueprintOf, workplace, type Workplace } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';

vi.setConfig({ testTimeout: 240_000 });

const BLUEPRINT = blueprintOf(
  'test-commands',
  ['cp0'],
  '  - { name: worker0, roles: [worker], address: 192.0.2.20 }\n',
);
const place = (): Workplace => {
  const made = workplace({ 'lab.yaml': BLUEPRINT });
  onTestFinished(() => void made.run('lab', 'down', '--lab', 'test-commands'));
  return made;
};

describe.skipIf(IMAGES === '')('triskel lab (TRISKEL_IMAGES)', () => {
  test('boots a node, breaks it, mends it, and leaves nothing behind', async () => {
    const { run } = place();
    const lab = (command: string, ...args: string[]): ReturnType<typeof run> =>
      run('lab', command, ...(command === 'up' ? [] : ['--lab', 'test-commands']), ...args);
    const ping = (): number | null => lab('exec', 'cp0', '--', 'ping', '-c1', '-W1', '192.0.2.20').code;

    const up = lab('up', 'blueprints/lab.yaml', 'worker0', '--timeout', '120');
    expect(up.out + up.err).toMatch(/worker0 {2}node ok: the boot is complete\n/);
    expect(up.out).toMatch(/not as in the blueprint: stand-ins in place of crictl, .*kubelet: /);
    expect(up.code).toBe(0);

    expect(lab('status').out).toMatch(/^cp0 +off +- .*\nworker0 +on +complete /m);
    expect(lab('start', 'cp0').code).toBe(0);
    await vi.waitFor(() => expect(ping()).toBe(0), { timeout: 60_000, interval: 500 });
    expect(lab('cut', 'worker0').code).toBe(0);
    expect(ping()).toBe(1);
    expect(lab('heal', 'worker0').code).toBe(0);
    expect(ping()).toBe(0);
    expect(lab('exec', 'worker0', '--', 'touch', '/etc/mark').code).toBe(0);
    expect(lab('kill', 'worker0').code).toBe(0);
    expect(ping()).toBe(1);
    expect(lab('exec', 'worker0', '--', 'true')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is off') as string,
    });
    expect(lab('start', 'worker0').code).toBe(0);
    await vi.waitFor(() => expect(lab('exec', 'worker0', '--', 'test', '-e', '/etc/mark').code).toBe(0), {
      timeout: 30_000,
    });
    expect(lab('reset', 'worker0').code).toBe(0);
    await vi.waitFor(() => expect(lab('exec', 'worker0', '--', 'test', '-e', '/etc/mark').code).toBe(1), {
      timeout: 30_000,
    });
    expect(lab('console', 'worker0', '--report').out).toMatch(/^boot 1 of \d: worker0, .*: complete /m);

    expect(lab('up', 'blueprints/lab.yaml').err).toContain('[lab/running]');
    expect(lab('down').code).toBe(0);
    expect(labNames()).not.toContain('test-commands');
    expect(lab('status').err).toContain('[lab/no-lab]');
  });

  test('all eight machines of celtas come up, its workers have the replicated volume, and Pacemaker does not stay off', async () => {
    const { run } = workplace({ 'celtas.yaml': readFileSync('blueprints/celtas.yaml', 'utf8') });
    const name = 'test-celtas';
    const on = (node: string, ...command: string[]): ReturnType<typeof run> =>
      run('lab', 'exec', node, '--lab', name, '--', ...command);
    onTestFinished(() => void run('lab', 'down', '--lab', name));
    const up = run('lab', 'up', 'blueprints/celtas.yaml', '--name', name, '--random', '--timeout', '200');
    expect(up.out + up.err).toContain('8 nodes, 8 complete');
    for (const worker of ['artio', 'esus'])
      expect(on(worker, 'findmnt', '--noheadings', '--output', 'FSTYPE', '/mnt/gluster')).toMatchObject({
        code: 0,
        out: 'fuse.glusterfs\n',
      });
    expect(run('lab', 'verify', '--lab', name).out).toMatch(
      /^the volume data is whole +ok +on angus, dagda, belenus$/m,
    );
    // What is left in a peer of a request to be let go, when nodes are rebooted at once.
    const [program, time] = [on('balar', 'pidof', 'pacemakerd').out, String(Math.floor(Date.now() / 1000))];
    const leave = ['--lifetime', 'reboot', '--name', 'shutdown', '--update', time];
    expect(on('taranis', 'crm_attribute', '--node', 'balar', ...leave).code).toBe(0);
    await vi.waitFor(
      () => {
        expect(on('balar', 'pidof', 'pacemakerd')).not.toMatchObject({ out: program });
        expect(on('balar', 'curl', '--silent', '--insecure', 'https://127.0.0.1:6443/readyz').out).toBe('ok');
      },
      { timeout: 60_000, interval: 1000 },
    );
    expect(on('balar', 'journalctl', '--boot', '--unit', 'pacemaker').out).toContain('unexpected shutdown request');
  });

  test('a lab that is still coming up ends with a program that is killed', async () => {
    const { start } = place();
    const up = start('lab', 'up', 'blueprints/lab.yaml', 'worker0');
    await vi.waitFor(() => expect(openLab('test-commands')).toBeDefined(), { timeout: 60_000 });
    const root = openLab('test-commands')!.path('/');
    const ended = new Promise((done) => up.once('exit', done));
    up.kill('SIGKILL');
    await ended;
    while (existsSync(root)) await sleep(20);
    expect(openLab('test-commands')).toBeUndefined();
  });
});
