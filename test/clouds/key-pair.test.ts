/** The servers' key pair: one that is there, or one that is made of a user's SSH key. */
import { describe, expect, test } from 'vitest';
import { lookUpGiven } from '../../generator/clouds/openstack/given.ts';
import { preflight } from '../../generator/clouds/openstack/preflight.ts';
import { SSH_KEY } from '../support/triskel.ts';
import { BootedCloud, clusterWith } from './booted.ts';

const OTHER_KEY = `${SSH_KEY.slice(0, 40)}AAAA${SSH_KEY.slice(44)}`;

function clusterOf(user: string, sshKey: string) {
  return clusterWith({ keyPairOf: user }, { users: [{ name: user, sudo: true, sshKeys: [sshKey] }] });
}

async function keyNames(place: BootedCloud): Promise<(string | null)[]> {
  return (await place.cloud().compute.servers.list()).map(({ key_name }) => key_name ?? null);
}

describe('a key pair', () => {
  const name = `triskel_${clusterWith().name}_nodes`;

  test('of a user’s SSH key is made once, given to servers, and deleted', async () => {
    const place = new BootedCloud();
    const cluster = clusterOf('core', SSH_KEY);
    const { keyPairs } = place.cloud().compute;
    await keyPairs.create({ name: 'triskel_other_nodes', public_key: SSH_KEY });
    expect(await place.boot(cluster)).toMatchObject({ complete: true, errors: [] });
    expect(await keyNames(place)).toEqual([name, name, name]);
    expect((await keyPairs.get(name))?.public_key).toBe(SSH_KEY);
    expect((await place.boot(cluster)).todo).toEqual([]);

    // Another key takes its place; the servers stay.
    const changed = clusterOf('core', OTHER_KEY);
    expect(await place.boot(changed)).toMatchObject({ todo: ['replace key-pair/nodes'], errors: [] });
    expect((await keyPairs.get(name))?.public_key).toBe(OTHER_KEY);
    expect(await place.destroy(changed)).toMatchObject({ complete: true, errors: [] });
    expect((await keyPairs.list()).map((one) => one.name)).toEqual(['triskel_other_nodes']);
  });

  test('that is there is used, and stays', async () => {
    const place = new BootedCloud();
    const { keyPairs } = place.cloud().compute;
    await keyPairs.create({ name: 'laptop', public_key: SSH_KEY });
    const cluster = clusterWith({ keyPair: 'laptop' });
    await place.boot(cluster);
    expect(await keyNames(place)).toEqual(['laptop', 'laptop', 'laptop']);
    await place.destroy(cluster);
    expect((await keyPairs.list()).map((one) => one.name)).toEqual(['laptop']);
  });

  test('that is not there is told before anything is made, and so is a quota', async () => {
    const place = new BootedCloud();
    const cloud = place.cloud();
    await cloud.compute.keyPairs.create({ name: 'laptop', public_key: SSH_KEY });
    const { diagnostics } = await lookUpGiven(clusterWith({ keyPair: 'laptob' }), cloud);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'the cloud has no key pair "laptob". Did you mean "laptop"?',
    ]);
    place.memory.world.quotas.key_pairs = 1;
    const cluster = clusterOf('core', SSH_KEY);
    const { plan, facts } = await place.planned(cluster);
    expect((await preflight(cluster, plan, facts, cloud)).map(({ message }) => message)).toEqual([
      "1 key pairs are needed, and the project's quota leaves 0",
    ]);
  });
});
