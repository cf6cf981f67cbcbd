import { chmodSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { newestPatch } from '../../generator/cluster/versions.ts';
import { upgrade, type UpgradeOptions } from '../../generator/commands/upgrade.ts';
import { replaceBlueprint } from '../../generator/host/blueprint-file.ts';
import { treeFor, writeTree } from '../golden/trees.ts';
import { saidBy, type Said } from '../support/command.ts';
import { blueprintOf, workplace } from '../support/triskel.ts';

vi.setConfig({ testTimeout: 20_000 });

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-upgrade-'));
  file = join(folder, 'demo.yaml');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (version: string, more = ''): string =>
  blueprintOf('demo', ['a', 'b', 'c'], `kubernetes: { version: ${version} } # ours\n${more}`);

function run(options: UpgradeOptions = {}, json = false): Promise<Said> {
  const refuseUsage = (message: string): never => {
    throw new Error(message);
  };
  return saidBy((context) => upgrade(file, options, context, refuseUsage), { json, output: join(folder, 'output') });
}

/** The output of `generate` for a text, as an earlier run left it. */
async function generated(text: string): Promise<void> {
  writeTree(join(folder, 'output/demo'), await treeFor(file, text));
}

const manifest = (): string => join(folder, 'output/demo/manifest.json');
const text = (): string => readFileSync(file, 'utf8');

describe('triskel upgrade', () => {
  test('changes the version and nothing else, and says what changes where', async () => {
    writeFileSync(file, at('1.35.6'));
    chmodSync(file, 0o640);
    await generated(at('1.35.6'));
    const { exitCode, out, err } = await run({ to: '1.36.3' });
    expect(exitCode).toBe(0);
    expect(text()).toBe(at('1.36.3'));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['demo.yaml', 'output']);
    expect(out).toContain(`demo: Kubernetes 1.35.6 → 1.36.3; written to ${file}\n`);
    expect(out).toContain('-kubernetes: { version: 1.35.6 } # ours\n+kubernetes: { version: 1.36.3 } # ours\n');
    expect(out).toMatch(/\n {2}a, b, c\n(?: {4}[~+-] \/.*\n)* {4}~ \/etc\/triskel\/etcd\.yaml\n/);
    expect(err).not.toMatch(/upgrade\/(stale|no)-output/);
  });

  test('takes a minor version for its newest patch, and a leading v', async () => {
    writeFileSync(file, at('1.35.6'));
    await run({ to: '1.36' });
    expect(text()).toBe(at(newestPatch(ownFacts, '1.36')));
    writeFileSync(file, at('1.35.6'));
    await run({ to: 'v1.36.2' });
    expect(text()).toBe(at('1.36.2'));
  });

  test('with --dry-run writes nothing and says the same', async () => {
    writeFileSync(file, at('1.35.6'));
    const dry = await run({ to: '1.36.3', dryRun: true });
    expect(text()).toBe(at('1.35.6'));
    const { out } = await run({ to: '1.36.3' });
    expect(dry.out.replace('nothing was written', `written to ${file}`)).toBe(out);
  });

  test('with --json gives the plan to programs', async () => {
    writeFileSync(file, at('1.35.6'));
    const { exitCode, out, err } = await run({ to: '1.36.3' }, true);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      blueprint: file,
      cluster: 'demo',
      from: '1.35.6',
      to: '1.36.3',
      written: true,
      edit: {
        change: 'replaced',
        patch: expect.stringContaining('+kubernetes: { version: 1.36.3 } # ours\n') as string,
      },
      unpinned: { downloads: [], images: [] },
      versions: expect.arrayContaining([{ program: 'Kubernetes', from: '1.35.6', to: '1.36.3' }]) as unknown,
      nodes: [{ nodes: ['a', 'b', 'c'], changed: expect.arrayContaining(['/etc/triskel/downloads']) as unknown }],
      steps: [
        { kind: 'look' },
        { kind: 'generate' },
        { nodes: ['a'] },
        { nodes: ['b'] },
        { nodes: ['c'] },
        { kind: 'add-ons' },
      ],
    });
  });

  test('shows the order again once the blueprint has the version, and nothing once it is generated', async () => {
    await generated(at('1.35.6'));
    writeFileSync(file, at('1.36.3'));
    const { out } = await run({ to: '1.36.3' });
    expect(out).toContain(`demo: Kubernetes 1.35.6 → 1.36.3; ${file} says so already\n`);
    expect(out).toContain('Re-make a: control plane, etcd member');
    await generated(at('1.36.3'));
    expect(await run({ to: '1.36.3' })).toMatchObject({
      exitCode: 0,
      out: `demo: Kubernetes stays 1.36.3; ${file} says so already\nNo node changes.\n`,
    });
  });

  test('writes down what was the default, which another Triskel would take for another version', async () => {
    const version = newestPatch(ownFacts);
    writeFileSync(file, blueprintOf('demo', ['a', 'b', 'c']));
    const { exitCode, out } = await run({ to: version });
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`^demo: Kubernetes stays ${version}; written to [^]*\nNo node changes.\n$`));
    expect(text()).toContain(`name: demo\nkubernetes: { version: ${version} }\n`);
  });

  test('without --to lists where one can go from what the nodes were made for', async () => {
    await generated(at('1.34.9'));
    writeFileSync(file, at('1.35.6'));
    const { exitCode, out } = await run();
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^demo: Kubernetes 1\.34\.9, etcd 3\.5\.\d+; from here:\n {2}1\.34\.10 /);
    expect(out).toMatch(/\n {2}1\.35\.7 +etcd 3\.6\.\d+ +containerd [\d.]+\n {2}1\.36\.3 .* after 1\.35\.7\n/);
    const { targets } = JSON.parse((await run({}, true)).out) as { targets: object[] };
    expect(targets.at(-1)).toMatchObject({ kubernetes: '1.36.3', route: ['1.35.7', '1.36.3'] });
  });
});

describe('refuses, and leaves the blueprint as it was', () => {
  test.each([
    ['what is no version of Triskel', '1.36.3', '1.99.0', 'cluster/unsupported-version'],
    ['an older version', '1.36.3', '1.36.2', 'upgrade/downgrade'],
    ['to skip a minor version', '1.34.10', '1.36.3', 'upgrade/skipped-minor'],
  ])('%s', async (_what, from, to, code) => {
    writeFileSync(file, at(from));
    const { exitCode, out, err } = await run({ to });
    expect({ exitCode, out, text: text() }).toEqual({ exitCode: 1, out: '', text: at(from) });
    expect(err).toContain(`[${code}]`);
  });

  test('what skips the version that was never generated', async () => {
    await generated(at('1.34.10'));
    writeFileSync(file, at('1.35.7'));
    expect((await run({ to: '1.36.3' })).err).toContain('from 1.34.10 to 1.36.3 skips 1.35 [upgrade/skipped-minor]');
  });

  test('etcd 3.6 while members were made for one older than 3.5.26, with the steps to take', async () => {
    await generated(at('1.34.9'));
    writeFileSync(manifest(), readFileSync(manifest(), 'utf8').replace(/"etcd": "3\.5\.\d+"/, '"etcd": "3.5.24"'));
    writeFileSync(file, at('1.34.9'));
    const { exitCode, err } = await run({ to: '1.35.7' });
    expect(exitCode).toBe(1);
    expect(err).toContain('every member must run 3.5.26 or newer; they run 3.5.24 [upgrade/etcd-waypoint]');
    expect(err).toMatch(
      /fix: Go 1\.34\.9 \(etcd 3\.5\.24\) → 1\.34\.10 \(etcd 3\.5\.\d+\) → 1\.35\.7 .*Now: `triskel upgrade --to 1\.34\.10 /,
    );
    expect(await run({ to: '1.34.10' })).toMatchObject({ exitCode: 0 });
  });

  test('a flag that the new version does not have, at its line', async () => {
    const more =
      'components: { kubelet: { extraArguments: { pod-infra-container-image: registry.k8s.io/pause:3.10 } } }\n';
    writeFileSync(file, at('1.34.10', more));
    const { exitCode, err } = await run({ to: '1.35.7' });
    expect({ exitCode, text: text() }).toEqual({ exitCode: 1, text: at('1.34.10', more) });
    expect(err).toMatch(/demo\.yaml:\d+:\d+: error: .*pod-infra-container-image/);
  });

  test('a version that stands in an alias', async () => {
    const shared = blueprintOf(
      'demo',
      ['a'],
      'kubernetes: { version: &v 1.35.6 }\nnodeGroups: [{ name: w, count: 1, roles: [worker], addresses: 192.0.2.40-192.0.2.41, labels: { release: *v } }]\n',
    );
    writeFileSync(file, shared);
    const { exitCode, err } = await run({ to: '1.36.3' });
    expect({ exitCode, text: text() }).toEqual({ exitCode: 1, text: shared });
    expect(err).toContain('[upgrade/not-editable]');
  });

  test('to write over what somebody else wrote meanwhile, or where nothing can be written', () => {
    writeFileSync(file, 'theirs');
    expect(replaceBlueprint(file, 'before', 'ours')).toMatchObject([{ code: 'upgrade/unwritable' }]);
    expect(text()).toBe('theirs');
    const long = join(folder, `${'x'.repeat(240)}.yaml`);
    writeFileSync(long, 'before');
    expect(replaceBlueprint(long, 'before', 'ours')).toMatchObject([{ code: 'upgrade/unwritable' }]);
    expect(readFileSync(long, 'utf8')).toBe('before');
  });
});

describe('says beside the plan', () => {
  const codes = async (options: UpgradeOptions): Promise<string[]> => {
    const { diagnostics } = JSON.parse((await run(options, true)).out) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => code).filter((code) => code.startsWith('upgrade/'));
  };

  test('that hashes are missing, which `triskel pin` looks up once the blueprint has the version', async () => {
    writeFileSync(file, at('1.35.6'));
    const { exitCode, out, err } = await run({ to: '1.36.99' });
    expect({ exitCode, text: text() }).toEqual({ exitCode: 0, text: at('1.36.99') });
    expect(err).toContain('2 downloads without a known hash [upgrade/unpinned]');
    expect(out).toContain(`   - \`triskel pin ${file}\`\n   - \`triskel generate ${file}\`\n`);
    expect(out).not.toContain('0000000000');
    expect(readdirSync(folder)).toEqual(['demo.yaml']);
    // And again, now that the blueprint itself lacks them.
    expect(await codes({ to: '1.36.99' })).toEqual(['upgrade/no-output', 'upgrade/unpinned']);
  });

  test('that images lose their digests where the others have them', async () => {
    writeFileSync(file, at('1.35.6'));
    const digest = `sha256:${'c'.repeat(64)}`;
    writeFileSync(join(folder, 'demo.pins.yaml'), `images:\n  registry.k8s.io/kube-apiserver:v1.35.6: ${digest}\n`);
    expect(await codes({ to: '1.36.3', dryRun: true })).toEqual(['upgrade/no-output', 'upgrade/unpinned']);
  });

  test('that the output was not what the blueprint generates', async () => {
    await generated(at('1.35.6', 'pki: { leafDays: 17 }\n'));
    writeFileSync(file, at('1.35.6'));
    expect(await codes({ to: '1.36.3' })).toEqual(['upgrade/stale-output']);
  });

  test('that a fragment has another version, which stays for other clusters', async () => {
    mkdirSync(join(folder, 'fragments'));
    writeFileSync(join(folder, 'fragments/all.yaml'), 'kubernetes: { version: 1.35.6 }\n');
    writeFileSync(file, blueprintOf('demo', ['a', 'b', 'c'], 'extends: [fragments/all.yaml]\n'));
    expect(await codes({ to: '1.36.3' })).toEqual(['upgrade/no-output', 'upgrade/outvoted-fragment']);
    expect(text()).toContain('name: demo\nkubernetes: { version: 1.36.3 }\n');
    expect(readFileSync(join(folder, 'fragments/all.yaml'), 'utf8')).toBe('kubernetes: { version: 1.35.6 }\n');
  });

  test('that the only copy of the data goes with the machine', async () => {
    writeFileSync(file, blueprintOf('demo', ['a'], 'kubernetes: { version: 1.35.6 }\n'));
    expect(await codes({ to: '1.36.3' })).toEqual(['upgrade/no-output', 'upgrade/only-copy']);
  });
});

describe('a process that is killed while it writes', () => {
  /** In the place of the real thing: half of the text, then the end. */
  const half = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.writeFileSync = (descriptor, text) => {
      fs.writeSync(descriptor, text.slice(0, text.length / 2));
      process.kill(process.pid, 'SIGKILL');
    };
    syncBuiltinESMExports();`;

  test('leaves the blueprint whole, and the next run writes it', () => {
    const place = workplace({ 'demo.yaml': at('1.35.6') });
    const args = ['upgrade', '--to', '1.36.3', 'blueprints/demo.yaml'];
    const killed = place.runWith(
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(half)}` },
      ...args,
    );
    expect(killed.code).toBeNull();
    expect(place.read('blueprints/demo.yaml')).toBe(at('1.35.6'));
    // What was begun lies beside it, and is no blueprint.
    expect([...place.files('blueprints').keys()]).toEqual(['demo.yaml', expect.stringMatching(/\.unfinished$/)]);
    expect(place.run('check')).toMatchObject({ code: 0, out: expect.not.stringContaining('unfinished') as string });
    expect(place.run(...args).code).toBe(0);
    expect(place.read('blueprints/demo.yaml')).toBe(at('1.36.3'));
  });
});
