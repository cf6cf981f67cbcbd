import type { Cloud, LoadBalancer, MemberCreate } from 'openstack-client-lite';
import { makeNetwork } from './network.ts';
import type { Scenario, Stage } from './scenario.ts';

const TAGS = ['contract', 'cluster=demo'];

interface Made {
  readonly network: string;
  readonly subnet: string;
  readonly balancer: string;
}

/** Waits until it can be changed; nothing of the wait is written down. */
async function active({ demo, silently, until }: Stage, id: string): Promise<void> {
  await silently(() =>
    until(
      () => demo.loadBalancer.loadBalancers.get(id),
      (seen) => seen?.provisioning_status === 'ACTIVE',
    ),
  );
}

async function gone({ demo, until }: Stage, { network, balancer }: Made): Promise<void> {
  const { loadBalancers } = demo.loadBalancer;
  await loadBalancers.delete(balancer, { cascade: true });
  await until(
    () => loadBalancers.get(balancer),
    (seen) => seen === undefined || seen.provisioning_status === 'DELETED',
  );
  await until(
    () => demo.network.networks.delete(network).catch(() => false),
    (done) => done,
  );
}

async function made(stage: Stage): Promise<Made> {
  const { network, subnet } = await makeNetwork(stage);
  const { id } = await stage.demo.loadBalancer.loadBalancers.create({
    name: 'masters',
    description: 'of the contract',
    tags: TAGS,
    vip_subnet_id: subnet,
    vip_address: '10.180.0.7',
  });
  return { network, subnet, balancer: id };
}

/** Ready, and known to be well. */
const isWell = ({ provisioning_status, operating_status }: LoadBalancer): boolean =>
  provisioning_status === 'ACTIVE' && operating_status === 'ONLINE';

export const balancers: Scenario = {
  name: 'load balancers',
  run: async (stage) => {
    const { demo, refused, until, silently, as } = stage;
    const { loadBalancers, listeners } = demo.loadBalancer;
    const { network, subnet } = await silently(() => makeNetwork(stage));
    const body = {
      name: 'masters',
      description: 'of the contract',
      tags: TAGS,
      vip_subnet_id: subnet,
      vip_address: '10.180.0.7',
    };
    await refused(as('plain').loadBalancer.loadBalancers.list());
    await refused(loadBalancers.create({ name: 'x' }));
    await refused(loadBalancers.create({ ...body, vip_subnet_id: '00000000-0000-0000-0000-000000000000' }));
    await refused(loadBalancers.create({ ...body, provider: 'nothing' }));
    const { id, vip_port_id } = await loadBalancers.create(body);
    await refused(loadBalancers.create(body));
    await refused(listeners.create({ loadbalancer_id: id, protocol: 'TCP', protocol_port: 443 }));
    await refused(loadBalancers.update(id, { name: 'other' }));
    await refused(loadBalancers.delete(id));
    await until(
      () => loadBalancers.get(id),
      (seen) => seen !== undefined && isWell(seen),
    );
    await loadBalancers.list({ tags: TAGS.join(',') });
    await loadBalancers.list({ tags: 'nobody’s' });
    await loadBalancers.list({ name: 'masters' });
    await loadBalancers.list({ description: 'of the contract' });
    await demo.network.ports.get(vip_port_id);
    await as('other').loadBalancer.loadBalancers.list({ name: 'masters' });
    await refused(as('other').loadBalancer.loadBalancers.get(id));
    await loadBalancers.update(id, { description: 'changed' });
    await active(stage, id);
    await loadBalancers.status(id);
    await loadBalancers.delete(id);
    await until(
      () => loadBalancers.get(id),
      (seen) => seen === undefined || seen.provisioning_status === 'DELETED',
    );
    await loadBalancers.delete(id);
    await loadBalancers.status(id);
    await silently(() =>
      until(
        () => demo.network.networks.delete(network).catch(() => false),
        (done) => done,
      ),
    );
  },
};

export const listenersAndPools: Scenario = {
  name: 'listeners, pools, members, health monitors',
  run: async (stage) => {
    const { demo, refused, silently, until } = stage;
    const built = await silently(() => made(stage));
    const { subnet, balancer: loadbalancer_id } = built;
    const { listeners, pools, healthMonitors, members, loadBalancers }: Cloud['loadBalancer'] = demo.loadBalancer;
    await active(stage, loadbalancer_id);
    const listener = await listeners.create({
      loadbalancer_id,
      name: 'api',
      tags: TAGS,
      protocol: 'TCP',
      protocol_port: 443,
      timeout_client_data: 600_000,
      timeout_member_data: 600_000,
      allowed_cidrs: ['10.0.0.0/8'],
    });
    await refused(pools.create({ listener_id: listener.id, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' }));
    await refused(loadBalancers.update(loadbalancer_id, { name: 'x' }));
    await active(stage, loadbalancer_id);
    await refused(listeners.create({ loadbalancer_id, protocol: 'TCP', protocol_port: 443 }));
    await refused(listeners.create({ loadbalancer_id, protocol: 'NONSENSE', protocol_port: 444 }));
    const pool = await pools.create({
      listener_id: listener.id,
      name: 'masters',
      tags: TAGS,
      protocol: 'TCP',
      lb_algorithm: 'ROUND_ROBIN',
    });
    await active(stage, loadbalancer_id);
    await refused(pools.create({ listener_id: listener.id, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' }));
    const body = { name: 'master0', tags: TAGS, address: '10.180.0.10', protocol_port: 6443, subnet_id: subnet };
    const member = await members(pool.id).create(body);
    await active(stage, loadbalancer_id);
    await refused(members(pool.id).create(body));
    await refused(members(loadbalancer_id).create(body));
    const monitor = await healthMonitors.create({
      pool_id: pool.id,
      name: 'hm',
      tags: TAGS,
      type: 'TCP',
      delay: 5,
      timeout: 3,
      max_retries: 2,
    });
    await active(stage, loadbalancer_id);
    await refused(healthMonitors.create({ pool_id: pool.id, type: 'TCP', delay: 5, timeout: 3, max_retries: 2 }));
    await refused(healthMonitors.create({ pool_id: pool.id, type: 'TCP', delay: 3, timeout: 5, max_retries: 2 }));
    await until(
      () => members(pool.id).get(member.id),
      (seen) => seen?.operating_status === 'ONLINE',
    );
    await until(
      () => loadBalancers.get(loadbalancer_id),
      (seen) => seen?.operating_status === 'ONLINE',
    );
    await until(
      () => listeners.get(listener.id),
      (seen) => seen?.operating_status === 'ONLINE',
    );
    await until(
      () => pools.get(pool.id),
      (seen) => seen?.operating_status === 'ONLINE',
    );
    await healthMonitors.get(monitor.id);
    await loadBalancers.status(loadbalancer_id);
    await listeners.list({ tags: TAGS.join(',') });
    await listeners.list({ loadbalancer_id });
    await pools.list({ loadbalancer_id });
    await members(pool.id).list();
    await healthMonitors.list({ pool_id: pool.id });
    await listeners.update(listener.id, { allowed_cidrs: null });
    await active(stage, loadbalancer_id);
    await pools.update(pool.id, { lb_algorithm: 'LEAST_CONNECTIONS' });
    await active(stage, loadbalancer_id);
    await members(pool.id).update(member.id, { weight: 5 });
    await active(stage, loadbalancer_id);
    await healthMonitors.update(monitor.id, { delay: 9 });
    await active(stage, loadbalancer_id);
    await refused(loadBalancers.delete(loadbalancer_id));
    await healthMonitors.delete(monitor.id);
    await active(stage, loadbalancer_id);
    await healthMonitors.delete(monitor.id);
    await members(pool.id).delete(member.id);
    await active(stage, loadbalancer_id);
    await members(pool.id).delete(member.id);
    await pools.delete(pool.id);
    await active(stage, loadbalancer_id);
    await pools.delete(pool.id);
    await listeners.delete(listener.id);
    await active(stage, loadbalancer_id);
    await listeners.delete(listener.id);
    await silently(() => gone(stage, built));
  },
};

export const populated: Scenario = {
  name: 'a load balancer and all below it in one call',
  run: async (stage) => {
    const { demo, silently } = stage;
    const { network, subnet } = await silently(() => makeNetwork(stage));
    const { loadBalancers, listeners, pools, members, healthMonitors } = demo.loadBalancer;
    const member = (n: number): MemberCreate => ({
      name: `master${String(n)}`,
      tags: TAGS,
      address: `10.180.0.1${String(n)}`,
      protocol_port: 6443,
      subnet_id: subnet,
    });
    const monitor = { name: 'hm', tags: TAGS, type: 'TCP', delay: 5, timeout: 3, max_retries: 2, max_retries_down: 2 };
    const pool = {
      name: 'masters',
      description: 'the pool of the contract',
      protocol: 'TCP',
      lb_algorithm: 'ROUND_ROBIN',
      members: [member(0), member(1)],
      healthmonitor: monitor,
    };
    const { id } = await loadBalancers.create({
      name: 'whole',
      vip_subnet_id: subnet,
      vip_address: '10.180.0.7',
      listeners: [
        {
          name: 'api',
          description: 'the listener of the contract',
          protocol: 'TCP',
          protocol_port: 443,
          timeout_client_data: 600_000,
          timeout_member_data: 600_000,
          allowed_cidrs: null,
          default_pool: pool,
        },
      ],
    });
    await stage.until(
      () => loadBalancers.status(id),
      (tree) => !/PENDING|OFFLINE|NO_MONITOR/.test(JSON.stringify(tree)),
    );
    const [below] = await pools.list({ loadbalancer_id: id });
    await listeners.list({ loadbalancer_id: id });
    await members(below!.id).list();
    await healthMonitors.list({ pool_id: below!.id });
    await silently(() => gone(stage, { network, subnet, balancer: id }));
  },
};
