/**
 * `boot` and `destroy` as processes, and faults between them and the real services. In one run each kind of call fails once, and all
 * kinds of fault occur; from run to run they move on by one, so that after seven each kind of call has met each kind of fault. Two of
 * the seven are tried: TRISKEL_SEED says which, TRISKEL_FAULTS=all tries all. The exhaustive trial, where every call of a boot meets
 * every fault, is test/clouds/faults.test.ts on the cloud in memory.
 */
import type { Cloud, HttpRequest } from 'openstack-client-lite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FAULTS, faulty, type Choose, type Fault } from '../support/openstack/faults.ts';
import { front, type Front } from '../support/openstack/front.ts';
import { inventory } from '../support/openstack/inventory.ts';
import { LAB, lbaasOnLab } from '../support/openstack/lab.ts';
import { as, send } from '../support/openstack/lab-user.ts';
import { workplace } from '../support/triskel.ts';

vi.setConfig({ testTimeout: 600_000 });

const FILE = 'blueprints/openstack-lbaas.yaml';
/** Boots until nothing is left to do, at most: a busy machine adds time-outs of its own. */
const MOST = 5;

const seed = Number(process.env['TRISKEL_SEED'] ?? String(Math.floor(Math.random() * 2 ** 31)));
const ALL = FAULTS.map((_fault, shift) => shift);
const SHIFTS = process.env['TRISKEL_FAULTS'] === 'all' ? ALL : twoOf(ALL, seed);

/** One after the other every pair comes, as the seed grows. */
function twoOf<T>(all: readonly T[], seed: number): T[] {
  const first = seed % all.length;
  const apart = 1 + (Math.floor(seed / all.length) % (all.length - 1));
  return [first, (first + apart) % all.length].flatMap((index) => all[index] ?? []);
}

/** By what each kind of resource is made and taken away, and what is asked while it becomes ready. */
const CALLS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a token', /^POST 5000.*\/auth\/tokens$/],
  ['an application credential', /^POST 5000.*\/application_credentials$/],
  ['a network', /^POST 9696.*\/networks$/],
  ['a subnet', /^POST 9696.*\/subnets$/],
  ['a router', /^POST 9696.*\/routers$/],
  ['a router interface', /^PUT 9696.*\/add_router_interface$/],
  ['a security group', /^POST 9696.*\/security-groups$/],
  ['a security group rule', /^POST 9696.*\/security-group-rules$/],
  ['a port', /^POST 9696.*\/ports$/],
  ['a floating IP', /^PUT 9696.*\/floatingips\/[^/]+$/],
  ['a server group', /^POST 8774.*\/os-server-groups$/],
  ['a server', /^POST 8774.*\/servers$/],
  ['a look at a server', /^GET 8774.*\/servers\/[^/]{36}$/],
  ['a volume', /^POST 8776.*\/volumes$/],
  ['a look at a volume', /^GET 8776.*\/volumes\/[^/]{36}$/],
  ['a load balancer', /^POST 9876.*\/loadbalancers$/],
  ['a look at a load balancer', /^GET 9876.*\/loadbalancers\/[^/]{36}$/],
  ['a listener', /^POST 9876.*\/listeners$/],
  ['a pool', /^POST 9876.*\/pools$/],
  ['a health monitor', /^POST 9876.*\/healthmonitors$/],
  ['a member', /^POST 9876.*\/members$/],
  ['a list of images', /^GET 9292.*\/images$/],
  ['the end of a server', /^DELETE 8774.*\/servers\/[^/]+$/],
  ['the end of a load balancer', /^DELETE 9876.*\/loadbalancers\/[^/]+$/],
  ['the end of a volume', /^DELETE 8776.*\/volumes\/[^/]+$/],
  ['the end of a port', /^DELETE 9696.*\/ports\/[^/]+$/],
  ['the end of a router interface', /^PUT 9696.*\/remove_router_interface$/],
  ['the end of a network', /^DELETE 9696.*\/networks\/[^/]+$/],
];

/** The first call of each kind fails; `met` is told of it. */
function oneOfEach(shift: number, met: Map<string, Fault>): Choose {
  return ({ method, url }: HttpRequest) => {
    const { port, pathname } = new URL(url);
    const index = CALLS.findIndex(([, pattern]) => pattern.test(`${method} ${port}${pathname}`));
    const [what] = CALLS[index] ?? [];
    if (what === undefined || met.has(what)) return undefined;
    const fault = FAULTS[(index + shift) % FAULTS.length] as Fault;
    met.set(what, fault);
    return fault;
  };
}

/** Takes away what a boot makes in one call with the load balancer: the next one makes each part by a call of its own. */
async function emptyBalancer({ loadBalancer: { pools, listeners } }: Cloud): Promise<void> {
  for (const kind of [pools, listeners])
    for (const { id } of await kind.list()) {
      await kind.delete(id);
      await vi.waitFor(async () => expect(await kind.get(id)).toBeUndefined(), { timeout: 60_000, interval: 250 });
    }
}

describe.skipIf(LAB === undefined)('faults before OpenStack (TRISKEL_OPENSTACK)', () => {
  let address = '';
  let before: Awaited<ReturnType<typeof inventory>>;
  let whole: typeof before;

  beforeAll(async () => {
    const { network } = as('demo');
    const [outer] = await network.networks.list({ name: 'public' });
    const reserved = await network.floatingIps.create({ floating_network_id: outer?.id ?? '' });
    address = reserved.floating_ip_address;
    before = await inventory(as('demo'));
  });
  afterAll(async () => {
    const { floatingIps } = as('demo').network;
    const [reserved] = await floatingIps.list({ floating_ip_address: address });
    await floatingIps.delete(reserved?.id ?? '');
  });

  /** Runs the program until nothing is left to do, and gives how often. */
  async function boots(cloud: Front, program: Program): Promise<number> {
    for (let count = 1; count <= MOST; count++) {
      const { out } = await program(cloud, 'boot', FILE);
      if (out.includes('nothing to do')) return count;
    }
    return Infinity;
  }

  type Program = (cloud: Front, ...args: string[]) => Promise<{ code: number | null; out: string; err: string }>;

  function placed(): Program {
    const place = workplace({ 'openstack-lbaas.yaml': lbaasOnLab(address) });
    expect(place.run('generate', FILE).code).toBe(0);
    return async ({ cloudsText }, ...args) => {
      place.write('clouds.yaml', cloudsText);
      return place.runBeside({}, ...args);
    };
  }

  async function through(
    { choose, patience }: { choose?: Choose; patience: number },
    task: (cloud: Front) => Promise<void>,
  ): Promise<void> {
    const cloud = await front(faulty(send, choose).transport, patience);
    try {
      await task(cloud);
    } finally {
      await cloud.close();
    }
  }

  test('without a fault the services are what they are', async () => {
    const program = placed();
    await through({ patience: 60 }, async (cloud) => {
      expect(await boots(cloud, program)).toBe(2);
      whole = await inventory(as('demo'));
      expect(whole['servers']).toEqual(['master0 ACTIVE', 'master1 ACTIVE', 'master2 ACTIVE']);
      expect(await program(cloud, 'destroy', '--yes', 'openstack-lbaas', '--volumes', FILE)).toMatchObject({ code: 0 });
    });
    expect(await inventory(as('demo'))).toEqual(before);
  });

  test.each(SHIFTS.map((shift) => [CALLS[0]?.[0], FAULTS[shift], shift] as const))(
    `each kind of call fails once: %s by %s, and so on (TRISKEL_SEED=${String(seed)})`,
    async (_first, _fault, shift) => {
      const met = new Map<string, Fault>();
      const program = placed();
      await through({ choose: oneOfEach(shift, met), patience: 5 }, async (cloud) => {
        expect(await boots(cloud, program)).toBeLessThanOrEqual(MOST);
        expect(await inventory(as('demo'))).toEqual(whole);
        await emptyBalancer(as('demo'));
        expect(await boots(cloud, program)).toBeLessThanOrEqual(MOST);
        expect(await inventory(as('demo'))).toEqual(whole);
        const destroy = ['destroy', '--yes', 'openstack-lbaas', '--volumes', FILE];
        await program(cloud, ...destroy);
        expect(await program(cloud, ...destroy)).toMatchObject({ code: 0, err: '' });
      });
      expect([...met.keys()].sort()).toEqual(CALLS.map(([what]) => what).sort());
      expect(new Set(met.values())).toEqual(new Set(FAULTS));
      expect(await inventory(as('demo'))).toEqual(before);
    },
  );
});
