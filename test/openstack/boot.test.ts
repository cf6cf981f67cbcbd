/** The blueprint of the example on the cloud in memory: made, made again, and taken away. */
import { beforeAll, expect, test } from 'vitest';
import { bootOnce, lbaasOnLab, reserveAddress, type OnLab } from '../support/openstack/booting.ts';
import { memoryCloud } from '../support/openstack/memory/cloud.ts';
import type { Kind } from '../support/openstack/memory/world.ts';
import { virtualClock } from '../support/openstack/virtual-clock.ts';

let given: OnLab;
beforeAll(async () => {
  given = await lbaasOnLab();
}, 60_000);

test('is made once, needs nothing the second time, and leaves nothing behind', async () => {
  const clock = virtualClock();
  const cloud = memoryCloud({ clock });
  reserveAddress(cloud, '10.47.40.33');
  const at = { authUrl: cloud.authUrl, transport: cloud.transport, clock };
  const count = (kind: Kind): number => cloud.world.all(kind).length;
  const before = (['network', 'port', 'volume', 'server', 'loadbalancer'] as const).map(count);
  const first = await bootOnce(given, at);
  expect(first.errors).toEqual([]);
  expect([count('server'), count('member'), count('volume')]).toEqual([3, 3, 3]);
  expect(await bootOnce(given, at)).toEqual({ changes: [], errors: [] });
  const gone = await bootOnce({ ...given, desired: [] }, at);
  expect(gone.errors).toEqual([]);
  expect((['network', 'port', 'volume', 'server', 'loadbalancer'] as const).map(count)).toEqual(before);
});
