/** The steps that put a new etcd member in the place of a lost one; real ones are replaced by the drills. */
import { describe, expect, test } from 'vitest';
import { replacementSteps } from '../../generator/upgrade/replacement.ts';
import { clusterOf } from '../support/cluster.ts';

const blueprint = (nodes: string): string => `
apiVersion: triskel/v1
name: demo
endpoint: { type: external, internal: 192.0.2.5:6443 }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
nodes:
${nodes}
  - { name: w0, roles: [worker], address: 192.0.2.20 }
`;
const member = (index: number): string =>
  `  - { name: cp${String(index)}, roles: [control-plane], address: 192.0.2.1${String(index)} }`;
const three = clusterOf(blueprint([0, 1, 2].map(member).join('\n')));
const single = clusterOf(blueprint(member(0)));

describe('a replacement', () => {
  const { value: steps = [] } = replacementSteps(three, three.etcdNodes[2]!);

  test('is made by a peer and by the node itself, the old member leaving first and the mark before the new one comes', () => {
    const order = steps.map(
      ({ on, command }) =>
        `${on} ${/member remove|member add|touch|endpoint health|\[ ! -d/.exec(command)?.[0] ?? command}`,
    );
    expect(order).toEqual([
      'cp2 [ ! -d',
      'cp0 endpoint health',
      'cp0 member remove',
      'cp2 touch',
      'cp0 member add',
      'cp2 endpoint health',
    ]);
  });

  test('names the member by its peer URL alone', () => {
    expect(steps.filter(({ command }) => command.includes('https://192.0.2.12:2380'))).toHaveLength(2);
    expect(steps.every(({ command }) => !command.includes("'"))).toBe(true);
  });

  test('is refused for who is no member, and for the only one', () => {
    const worker = three.nodes.find(({ name }) => name === 'w0')!;
    expect(replacementSteps(three, worker).diagnostics[0]?.message).toBe('w0 is no etcd member');
    expect(replacementSteps(single, single.etcdNodes[0]!).diagnostics[0]?.message).toContain('the only etcd member');
  });
});
