/** The in-memory cloud answers as the real services did; test/openstack-lab/client.test.ts asks these again. */
import { describe, expect, test } from 'vitest';
import { CONTRACT } from '../support/openstack/contract/index.ts';
import { readRecorded } from '../support/openstack/contract/recorded.ts';
import { play } from '../support/openstack/contract/scenario.ts';
import { memoryCloud } from '../support/openstack/memory/cloud.ts';
import { virtualClock } from '../support/openstack/virtual-clock.ts';

describe('the in-memory cloud', () => {
  test.each(CONTRACT)('$name', async (scenario) => {
    const clock = virtualClock();
    const { authUrl, transport } = memoryCloud({ clock });
    const exchanges = await play(scenario, { authUrl, transport, clock });
    expect(exchanges).toEqual(readRecorded(scenario));
  });
});
