import { claimVolume, serviceAddress, serviceBalancer, serviceGroup, settled, type MakeFor } from '../kubernetes.ts';
import { makeNetwork } from './network.ts';
import type { Scenario } from './scenario.ts';

/** Written down is what a destruction sees of it, and does with it. */
export const ofKubernetes: Scenario = {
  name: 'what kubernetes makes',
  run: async (stage) => {
    const { demo, refused, silently, until, clock } = stage;
    const { network, loadBalancer, blockStorage } = demo;
    const made = await silently(() => makeNetwork(stage));
    const given: MakeFor = { cloud: demo, clock, cluster: 'demo', subnet: made.subnet, address: '10.180.0.7' };
    const port = await silently(() =>
      network.ports.create({ network_id: made.network, name: 'master0', fixed_ips: [{ ip_address: '10.180.0.10' }] }),
    );
    const balancer = await silently(() => serviceBalancer(given));
    const address = await silently(() => serviceAddress(given));
    const group = await silently(() => serviceGroup(given, [port.id]));
    const volume = await silently(() => claimVolume(given, 'data'));
    const driver = JSON.stringify({ 'cinder.csi.openstack.org/cluster': 'demo' });
    await blockStorage.volumes.list({ metadata: driver });
    await network.floatingIps.get(address);
    await network.securityGroups.get(group);
    await refused(network.securityGroups.delete(group));
    const others = port.security_groups;
    await network.ports.update(port.id, { security_groups: [...others] });
    await network.securityGroups.delete(group);
    await network.floatingIps.delete(address);

    const { loadBalancers, listeners, pools } = loadBalancer;
    await loadBalancers.get(balancer.id);
    const [pool] = await pools.list({ loadbalancer_id: balancer.id });
    const [listener] = await listeners.list({ loadbalancer_id: balancer.id });
    // A pool goes from under its listener, and the last tag with an empty list.
    await pools.delete(pool?.id ?? '');
    await silently(() => settled(given, balancer.id));
    await listeners.delete(listener?.id ?? '');
    await silently(() => settled(given, balancer.id));
    await loadBalancers.update(balancer.id, { tags: [] });
    await silently(() => settled(given, balancer.id));
    await until(
      () => loadBalancers.get(balancer.id),
      (seen) => seen?.operating_status === 'ONLINE',
    );
    await silently(async () => {
      await loadBalancers.delete(balancer.id, { cascade: true });
      await until(
        () => loadBalancers.get(balancer.id),
        (seen) => seen === undefined || seen.provisioning_status === 'DELETED',
      );
      await blockStorage.volumes.delete(volume);
      await until(
        () => blockStorage.volumes.get(volume),
        (seen) => seen === undefined,
      );
      await network.ports.delete(port.id);
      await until(
        () => network.networks.delete(made.network).catch(() => false),
        (done) => done,
      );
    });
  },
};
