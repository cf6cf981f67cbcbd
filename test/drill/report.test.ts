/** Predictions from configurations, and how measures are judged. */
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { components } from '../../generator/components/index.ts';
import { targetOf, whyNot } from '../../generator/drill/drills.ts';
import { predict } from '../../generator/drill/predictions.ts';
import { hasPassed, judged, reportPage, type DrillReport } from '../../generator/drill/report.ts';
import { timersOf, type Timers } from '../../generator/drill/timers.ts';
import { mergeItems } from '../../generator/nodeplan/merge.ts';
import { clusterOf } from '../support/cluster.ts';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: demo
controlPlane: { runs: systemd }
endpoint: { type: keepalived, internal: 192.0.2.5:8443 }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane], address: 192.0.2.11 }
  - { name: cp2, roles: [control-plane], address: 192.0.2.12 }
`);
const timersIn = (of: Cluster): Timers =>
  timersOf(
    of.nodes.map(
      (node) =>
        mergeItems(
          node,
          components.flatMap((component) => component.plan?.(of, node) ?? []),
        ).value!,
    ),
  );
const timers = timersIn(cluster);

test('timers are read out of what is generated', () => {
  expect(timers.vrrp?.advert).toBe(1);
  expect(timers.vrrp?.lowestPriority).toBeLessThan(255);
  expect(timers.check).toMatchObject({ fall: expect.any(Number) as number, interval: expect.any(Number) as number });
  expect(timers.script?.interval).toBeGreaterThan(0);
  expect(timers.election).toBe(1);
  expect(timers.restart['kube-apiserver.service']).toBe(5);
  expect(timers.corosync).toBeUndefined();
});

test('so are those of corosync and Pacemaker', () => {
  const pacemaker = clusterOf(`
apiVersion: triskel/v1
name: demo
controlPlane: { runs: systemd }
endpoint: { type: pacemaker, internal: 192.0.2.5:6443 }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
components: { pacemaker: { fencing: none } }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane], address: 192.0.2.11 }
  - { name: cp2, roles: [control-plane], address: 192.0.2.12 }
`);
  const found = timersIn(pacemaker);
  expect(found.corosync).toEqual({ token: 3, consensus: 3.6 });
  expect(found.monitor).toBe(1);
  expect(found.restart['corosync.service']).toBe(1);
  expect(predict('mover-killed', pacemaker, found)?.milliseconds).toBe(2200);
  expect(predict('mover-killed', pacemaker, { ...found, restart: {} })?.because).toContain('the consensus');
  expect(predict('api-killed', pacemaker, found)?.because).toContain('Pacemaker’s check of the API 1.0 s');
  expect(predict('node-killed', pacemaker, found)!.milliseconds).toBeLessThan(targetOf('node-killed', pacemaker)!);
});

describe('predictions', () => {
  test('a node is lost for three adverts, the skew, and the move', () => {
    const { milliseconds, because } = predict('node-killed', cluster, timers)!;
    expect(milliseconds).toBeGreaterThan(4000);
    expect(milliseconds).toBeLessThanOrEqual(targetOf('node-killed', cluster)!);
    expect(because).toMatch(/^three adverts and the skew 3\.\d s \+ the address 1\.0 s \+ the client 0\.2 s$/);
  });

  test('slower timers predict longer gaps', () => {
    const slow = { ...timers, vrrp: { advert: 3, lowestPriority: 100 } };
    expect(predict('node-cut', cluster, slow)!.milliseconds).toBeGreaterThan(9000);
  });

  test.each(['api-killed', 'haproxy-killed', 'mover-killed'] as const)('%s has one', (drill) => {
    expect(predict(drill, cluster, timers)?.milliseconds).toBeGreaterThan(0);
  });

  test('corosync loses a node after its token and the consensus', () => {
    const lost = predict('node-killed', cluster, { ...timers, corosync: { token: 3, consensus: 3.6 } })!;
    expect(lost.because).toContain('the token 3.0 s + the consensus 3.6 s');
  });

  test('keepalived that is killed takes its address off when it starts again', () => {
    const { milliseconds, because } = predict('mover-killed', cluster, timers)!;
    expect(because).toContain('less the 1 s until keepalived starts again');
    expect(milliseconds).toBe(predict('node-killed', cluster, timers)!.milliseconds - 1000);
  });

  test('there is none where timers say nothing', () => {
    expect(predict('all-rebooted', cluster, timers)).toBeUndefined();
  });
});

describe('a measure', () => {
  const bounds = { prediction: { milliseconds: 4200, because: 'x' }, target: 5000, busy: 0.1 };

  test('within both bounds has passed', () => {
    expect(judged(4200, bounds).state).toBe('passed');
  });

  test('beyond a bound has failed, and says which', () => {
    expect(judged(4300, bounds)).toEqual({ state: 'failed', notes: ['4300 ms is more than the prediction, 4200 ms'] });
    expect(judged(6000, bounds).notes).toHaveLength(2);
  });

  test('beyond it on a machine that is too busy is unclear, and not passed', () => {
    expect(judged(4500, { ...bounds, busy: 0.9 })).toEqual({
      state: 'unclear',
      notes: [
        '4500 ms is more than the prediction, 4200 ms',
        'but the nodes’ programs waited for a processor for 90 % of the time: the machine is too busy',
      ],
    });
    expect(judged(4000, { ...bounds, busy: 0.9 }).state).toBe('passed');
  });

  test('without an end has failed', () => {
    expect(judged(null, bounds).state).toBe('failed');
  });
});

describe('a report', () => {
  const report: DrillReport = {
    cluster: 'demo',
    blueprint: 'blueprints/demo.yaml',
    hasVirtualIp: true,
    date: '2030-01-01T00:00:00.000Z',
    machine: { processors: 2, load: 0.5 },
    differences: ['Debian 13 in place of rocky 9'],
    drills: [
      { drill: 'cold-start', state: 'passed', notes: [] },
      {
        drill: 'node-killed',
        state: 'passed',
        node: 'cp0',
        gap: 3100,
        prediction: { milliseconds: 4400, because: 'x' },
        target: 5000,
        notes: [],
      },
      { drill: 'haproxy-killed', state: 'not run', notes: ['no haproxy'] },
    ],
    invariants: [{ says: 'never two owners', basis: '10 looks', violations: [] }],
  };

  test('has passed when every drill that was run has, and nothing was violated', () => {
    expect(hasPassed(report)).toBe(true);
    expect(hasPassed({ ...report, invariants: [{ ...report.invariants[0]!, violations: ['a and b'] }] })).toBe(false);
    expect(hasPassed({ ...report, drills: [{ drill: 'node-cut', state: 'unclear', notes: [] }] })).toBe(false);
  });

  test('shows predicted beside measured, and what was not as in the blueprint', () => {
    const page = reportPage(report);
    expect(page).toContain('| cp0  | 3100 ms | ≤ 4400 ms | ≤ 5000 ms | passed  |');
    expect(page).toContain('| the virtual IP’s holder loses its power ');
    expect(reportPage({ ...report, hasVirtualIp: false })).toContain('| the first control-plane node loses its power ');
    expect(page).toContain('- haproxy-killed: no haproxy\n');
    expect(page).toContain('- held: never two owners (10 looks)\n');
    expect(page).toContain('- Debian 13 in place of rocky 9\n');
  });
});

test('drills that a cluster cannot have say why', () => {
  expect(whyNot('node-killed', cluster)).toBeUndefined();
  const single = {
    ...cluster,
    etcdNodes: cluster.etcdNodes.slice(0, 1),
    controlPlaneNodes: cluster.controlPlaneNodes.slice(0, 1),
  };
  expect(whyNot('node-killed', single)).toContain('nothing is left');
  expect(whyNot('node-replaced', single)).toContain('fewer than three');
  expect(whyNot('haproxy-killed', { ...cluster, endpoint: { ...cluster.endpoint, balancer: 'none' } })).toBe(
    'no haproxy',
  );
});
