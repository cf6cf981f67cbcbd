/** A run that is not alone, or that is cut off while it writes. */
import { once } from 'node:events';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { blueprintOf, workplace, type Workplace } from '../support/triskel.ts';

const THREE = blueprintOf('demo', ['a', 'b', 'c']);

describe('one at a time', () => {
  test('a second run while the first one writes', () => {
    const place = workplace({ 'demo.yaml': THREE });
    mkdirSync(place.path('output/demo.lock'), { recursive: true });
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain('output/demo: error: another triskel writes output/demo at this moment [output/locked]');
    expect(existsSync(place.path('output/demo'))).toBe(false);
  });

  test('two at once leave one whole tree, whoever comes first', async () => {
    const place = workplace({ 'demo.yaml': THREE });
    const runs = [place.start('generate'), place.start('generate')];
    const codes = await Promise.all(runs.map(async (run) => (await once(run, 'close'))[0] as number));
    expect(codes).toContain(0);
    for (const code of codes) expect([0, 1]).toContain(code);
    expect(place.run('generate', '--check').code).toBe(0);
    expect(place.run('generate').out).toContain('0 files written');
  });
});

describe('cut off', () => {
  const many = `${THREE}nodeGroups: [{ name: w, count: 60, roles: [worker], addresses: 192.0.2.100-192.0.2.250 }]\n`;

  async function untilItWrites(place: Workplace): Promise<void> {
    while (!existsSync(place.path('output/demo/nodes'))) await sleep(1);
  }

  test('by kill -9: the next run heals', async () => {
    const place = workplace({ 'demo.yaml': many });
    const run = place.start('generate');
    await untilItWrites(place);
    run.kill('SIGKILL');
    await once(run, 'close');
    place.write('output/demo/nodes/a/user-data.yaml.triskel-unfinished', 'half a fi');
    expect(place.run('generate').err).toContain('[output/locked]');
    const long = Date.now() / 1000 - 60;
    utimesSync(place.path('output/demo.lock'), long, long);
    const healed = place.run('generate');
    expect(healed.code).toBe(0);
    expect(healed.err).not.toContain('output/unknown-file');
    expect(place.run('generate', '--check').code).toBe(0);
    expect([...place.files('output').keys()].filter((path) => path.includes('unfinished'))).toEqual([]);
    expect(place.run('generate').out).toContain('0 files written');
  });

  test('by Ctrl-C: what was begun is ended, and nothing stays locked', async () => {
    const place = workplace({ 'demo.yaml': many });
    const run = place.start('generate');
    await untilItWrites(place);
    run.kill('SIGINT');
    const [code] = (await once(run, 'close')) as [number];
    expect(code).toBe(130);
    expect(existsSync(place.path('output/demo.lock'))).toBe(false);
    expect(place.run('generate', '--check').code).toBe(0);
    expect(place.run('generate').out).toContain('0 files written');
  });
});
