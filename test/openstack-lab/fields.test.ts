/**
 * What `boot` makes of blueprints/openstack-lbaas.yaml on the real services, against what the guide's own commands make there: every
 * field of every object of Neutron and Octavia, and of the server group. Where they differ on purpose the reason is in
 * test/support/openstack/meant-differences.ts.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FloatingIp } from 'openstack-client-lite';
import { describe, expect, test, vi } from 'vitest';
import { awayByHand, byHand, runByHand } from '../support/openstack/by-hand.ts';
import { withShell } from '../support/openstack/client-shell.ts';
import { LAB, lab, lbaasOnLab } from '../support/openstack/lab.ts';
import { as } from '../support/openstack/lab-user.ts';
import { MEANT } from '../support/openstack/meant-differences.ts';
import { differencesOf, told } from '../support/openstack/told.ts';
import { workplace } from '../support/triskel.ts';

vi.setConfig({ testTimeout: 600_000 });

const FILE = 'blueprints/openstack-lbaas.yaml';

describe.skipIf(LAB === undefined)('boot and the guide’s commands (TRISKEL_OPENSTACK)', () => {
  test('make the same, but for what is meant to differ', async () => {
    const [mine, theirs] = [await reserved('demo'), await reserved('other')];
    const userData = '/tmp/user-data-by-hand';
    writeFileSync(join(lab.root, userData), '#cloud-config\n');
    const place = workplace({ 'openstack-lbaas.yaml': lbaasOnLab(mine.floating_ip_address) });
    expect(place.run('generate', FILE).code).toBe(0);
    const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsFile };

    const [booted] = await Promise.all([
      place.runBeside(env, 'boot', FILE),
      withShell('other', (client) => runByHand(byHand(theirs.floating_ip_address, userData), client)),
    ]);
    expect(booted).toMatchObject({ code: 0, err: '' });
    await vi.waitFor(
      async () => {
        const found = differencesOf(await told(as('other')), await told(as('demo')));
        expect(found).toEqual(MEANT.map(({ reason: _reason, ...difference }) => difference));
      },
      // The lab's balancers say a second later that they are well.
      { timeout: 20_000, interval: 500 },
    );

    await Promise.all([
      place.runBeside(env, 'destroy', '--yes', 'openstack-lbaas', '--volumes', FILE),
      withShell('other', (client) => runByHand(awayByHand(theirs.floating_ip_address), client)),
    ]);
    await as('demo').network.floatingIps.delete(mine.id);
    await as('other').network.floatingIps.delete(theirs.id);
    rmSync(join(lab.root, userData));
  });
});

async function reserved(user: string): Promise<FloatingIp> {
  const { network } = as(user);
  const [outer] = await network.networks.list({ name: 'public' });
  return network.floatingIps.create({ floating_network_id: outer?.id ?? '' });
}
