/** `triskel replace`: the steps that it prints; a drill makes them. */
import { describe, expect, test } from 'vitest';
import { blueprintOf, THREE, workplace } from '../support/triskel.ts';

describe('triskel replace', () => {
  test('finds the blueprint that has the node, as the guard names the node alone', () => {
    const { run } = workplace({ 'demo.yaml': THREE, 'other.yaml': blueprintOf('other', ['x', 'y', 'z']) });
    const { code, out } = run('replace', 'b');
    expect(code).toBe(0);
    expect(out).toMatch(/^b has lost the data of its etcd member\./);
    expect(out).toMatch(/^2 +a +sudo sh -c '\/opt\/bin\/etcdctl endpoint health' +the other members answer/m);
    expect(out).toMatch(
      /^5 +a +sudo sh -c '\/opt\/bin\/etcdctl member add b --peer-urls=https:\/\/192\.0\.2\.11:2380' /m,
    );
  });

  test('speaks to programs', () => {
    const { run } = workplace({ 'demo.yaml': THREE });
    const told = JSON.parse(run('replace', 'c', '--json').out) as { steps: { on: string }[] };
    expect(told.steps.map(({ on }) => on)).toEqual(['c', 'a', 'a', 'c', 'a', 'c']);
  });

  test.each([
    ['a node that nobody has', ['d'], '[cli/unknown-node]'],
    ['a node of several blueprints', ['a'], '[replace/which-blueprint]'],
    ['the only member', ['one', 'blueprints/single.yaml'], '[replace/no-member]'],
  ])('refuses %s', (_what, args, code) => {
    const { run } = workplace({
      'demo.yaml': THREE,
      'again.yaml': THREE.replace('name: demo', 'name: again'),
      'single.yaml': blueprintOf('single', ['one']),
    });
    const ran = run('replace', ...args);
    expect(ran.err).toContain(code);
    expect(ran.code).toBe(1);
  });
});
