import { describe, expect, test } from 'vitest';
import { holdersVerdict, pacemakerVerdict, volumeVerdict } from '../../generator/verify/verdicts.ts';

/** `crm_mon --one-shot` of Pacemaker 3.0.0 in a lab of k3s-corosync, corosync stopped on the third node. */
const CRM_MON = `Cluster Summary:
  * Stack: corosync (Pacemaker is running)
  * Current DC: master2 (version 3.0.0-3.0.0) - partition with quorum
  * Last updated: Sun Nov 29 19:42:44 2026 on master2
  * 3 nodes configured
  * 4 resource instances configured

Node List:
  * Online: [ master1 master2 ]
  * OFFLINE: [ master3 ]

Active Resources:
  * ClusterIP	(ocf:heartbeat:IPaddr2):	 Started master2
  * Clone Set: APIHealth-clone [APIHealth]:
    * Started: [ master1 master2 ]
`;
const FAILED = `
Failed Resource Actions:
  * ClusterIP start on master1 returned 'error' at Sun Nov 29 19:42:40 2026
`;

describe('Pacemaker', () => {
  test.each([
    ['is well', CRM_MON, ['master1', 'master2'], true, 'online: master1, master2'],
    ['lacks a node', CRM_MON, ['master1', 'master2', 'master3'], false, 'master3 is not online'],
    ['lacks a node whose name begins another’s', CRM_MON, ['master'], false, 'master is not online'],
    [
      'has no quorum',
      CRM_MON.replace('partition with quorum', 'partition WITHOUT quorum'),
      ['master1'],
      false,
      'the partition has no quorum',
    ],
    [
      'could not start a resource',
      CRM_MON + FAILED,
      ['master1'],
      false,
      "ClusterIP start on master1 returned 'error' at Sun Nov 29 19:42:40 2026",
    ],
    [
      'does not run',
      'crm_mon: Connection to cluster failed',
      ['a'],
      false,
      'the partition has no quorum; a is not online',
    ],
  ])('%s', (_what, output, expected, ok, found) => {
    expect(pacemakerVerdict(output, expected)).toEqual({ ok, found });
  });
});

test.each([
  [['a'], { ok: true, found: 'a' }],
  [['a', 'b'], { ok: false, found: 'a and b' }],
  [[], { ok: false, found: 'no node has it' }],
])('holders %j', (holders, verdict) => {
  expect(holdersVerdict(holders)).toEqual(verdict);
});

/** `gluster volume heal data info summary` of GlusterFS 11.1 in a lab of celtas, the last server off. */
const HEAL = `Brick 10.0.0.52:/srv/gluster/data
Status: Connected
Total Number of entries: 0
Number of entries in heal pending: 0
Number of entries in split-brain: 0
Number of entries possibly healing: 0

Brick 10.0.0.53:/srv/gluster/data
Status: Transport endpoint is not connected
Total Number of entries: -
Number of entries in heal pending: -
Number of entries in split-brain: -
Number of entries possibly healing: -

`;
const [ANGUS, BELENUS] = [
  { node: 'angus', host: '10.0.0.52' },
  { node: 'belenus', host: '10.0.0.53' },
];

test.each([
  ['is whole', HEAL, [ANGUS], true, 'on angus'],
  ['lacks a server', HEAL, [ANGUS, BELENUS], false, 'belenus: Transport endpoint is not connected'],
  ['has something to heal', HEAL.replace('entries: 0', 'entries: 3'), [ANGUS], false, 'angus: 3 files to heal'],
  ['was made with others', HEAL, [{ node: 'dagda', host: '10.0.0.5' }], false, 'dagda has no brick'],
  ['is not there', 'Volume data does not exist', [ANGUS], false, 'angus has no brick'],
])('a volume that %s', (_what, output, bricks, ok, found) => {
  expect(volumeVerdict(output, bricks)).toEqual({ ok, found });
});
