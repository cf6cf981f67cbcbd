/**
 * A proxy that follows the published services: the real script against a server of the test's own, with a real haproxy that
 * is really reloaded, and workers that answer at node ports.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resolve } from 'node:path';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { haproxy } from '../../generator/components/haproxy/haproxy.ts';
import { kubeApiserver } from '../../generator/components/kube-apiserver/kube-apiserver.ts';
import { publishedServices } from '../../generator/components/published-services/published-services.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { clusterOf } from '../support/cluster.ts';
import { commandsOf, installItems } from '../support/host-files.ts';
import { startLab, type Host, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: publishing
endpoint: { type: keepalived, internal: 192.0.2.10:6443, virtualIps: 192.0.2.9, balancer: none }
publishedServices: { virtualIps: 192.0.2.8, ports: [80, 8081, 8443, 9000-9099] }
network: { nodes: 192.0.2.0/24, interface: eth0 }
os: { name: debian }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: lb0, roles: [load-balancer], address: 192.0.2.20 }
  - { name: w0, roles: [worker], address: 192.0.2.30 }
`);
const PKI = '/etc/kubernetes/pki';
const FILE = '/etc/haproxy/published/published.cfg';

interface ServicePort {
  readonly port: number;
  readonly nodePort?: number;
  readonly name?: string;
  readonly protocol?: string;
}

/** A Service as the API lists it. */
function service(name: string, publish: string, ports: readonly ServicePort[], created = 1, type = 'NodePort'): object {
  const metadata = {
    name,
    namespace: 'default',
    creationTimestamp: `2030-01-0${String(created)}T00:00:00Z`,
    annotations: { 'triskel.dev/publish': publish },
  };
  return { metadata, spec: { type, ports, ipFamilies: ['IPv4'] } };
}

const WEB = service('web', '80', [{ port: 80, nodePort: 31_080 }]);
const NODES = [
  {
    metadata: { name: 'cp0', labels: {} },
    spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.10' }] },
  },
  {
    metadata: { name: 'w0', labels: {} },
    spec: {},
    status: {
      addresses: [
        { type: 'Hostname', address: 'w0' },
        { type: 'InternalIP', address: '192.0.2.30' },
      ],
    },
  },
];

describe('a proxy of published services', () => {
  let lab: Lab;
  let cp0: Host, lb0: Host, w0: Host;
  let api: ReturnType<Host['start']>;
  const items = [haproxy, publishedServices].flatMap(
    (component) => component.plan?.(cluster, cluster.nodes[1] as ClusterNode) ?? [],
  );

  const put = (host: Host, path: string, text: string): void => {
    host.run(`mkdir -p $(dirname ${path}) && cat >${path} <<'TEXT'\n${text}\nTEXT\n`);
  };
  const list = (kind: string, found: readonly object[]): string => JSON.stringify({ kind, items: found });
  const services = (...found: object[]): void => put(cp0, '/var/lib/api/services.json', list('ServiceList', found));
  /** One run of the timer's service; what it says, and `exit N` where it fails. */
  const publish = (): string =>
    lb0.run('TRISKEL_RELOAD="sh /var/lib/reload" /opt/triskel/publish-services 2>&1 || echo "exit $?"');
  const fetched = (port: number): string =>
    w0.run(`curl -s --max-time 3 http://192.0.2.20:${String(port)}/who || echo nothing`).trim();
  const answers = async (port: number, what: string): Promise<void> =>
    vi.waitFor(() => expect(fetched(port)).toBe(what), { timeout: 15_000, interval: 300 });

  function startApi(): void {
    const pair = [`${PKI}/apiserver.crt`, `${PKI}/apiserver.key`, `${PKI}/ca.crt`];
    api = cp0.start(process.execPath, [
      resolve('test/support/services-api.mjs'),
      '192.0.2.10',
      '6443',
      ...pair,
      '/var/lib/api',
    ]);
  }

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      'pub',
      cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` })),
    );
    [cp0, lb0, w0] = lab.hosts as [Host, Host, Host];
    installItems(kubeApiserver.plan?.(cluster, cluster.nodes[0] as ClusterNode) ?? [], cp0, store);
    installItems(items, lb0, store);
    lb0.run('rm -rf /run/triskel-published');
    put(cp0, '/var/lib/api/nodes.json', list('NodeList', NODES));
    services();
    startApi();
    for (const port of [31_080, 31_443]) {
      put(w0, `/var/lib/www/${String(port)}/who`, `w0:${String(port)}`);
      w0.start('python3', ['-m', 'http.server', String(port), '--directory', `/var/lib/www/${String(port)}`]);
    }
    // The unit's own commands; a reload is its ExecReload.
    for (const command of commandsOf(items, 'haproxy.service', 'ExecStartPre')) lb0.run(command);
    const [start = ''] = commandsOf(items, 'haproxy.service', 'ExecStart');
    put(lb0, '/var/lib/start', `echo $$ >/var/lib/haproxy.pid\nexec ${start}`);
    const reloads = commandsOf(items, 'haproxy.service', 'ExecReload').join(' && ');
    put(lb0, '/var/lib/reload', reloads.replace('$MAINPID', '$(cat /var/lib/haproxy.pid)'));
    lb0.start('sh', ['/var/lib/start']);
    await vi.waitFor(() => expect(lb0.run('curl -s http://127.0.0.1:8404/livez')).toBe('ok'), { timeout: 10_000 });
  });

  afterAll(() => {
    lab.stop();
  });

  it('has nothing to publish where nothing is annotated', () => {
    expect(publish()).toBe('published: \n');
    expect(publish()).toBe('');
  });

  it('publishes a service at the port that its annotation names, by the workers’ node ports', async () => {
    services(WEB);
    expect(publish()).toBe('published: 80 default/web\n');
    await answers(80, 'w0:31080');
    expect(lb0.run(`cat ${FILE}`)).not.toContain('cp0');
    expect(publish()).toBe('');
  });

  it('asks with an identity of its own, for services and nodes alone', () => {
    expect([...new Set(cp0.run('cat /var/lib/api/asked').trim().split('\n'))].sort()).toEqual([
      'triskel:published-services GET /api/v1/nodes',
      'triskel:published-services GET /api/v1/services',
    ]);
  });

  it('keeps open connections through a reload', async () => {
    const slow = w0.start('sh', [
      '-c',
      '(printf "GET /who HTTP/1.0\\r\\n"; sleep 3; printf "\\r\\n"; sleep 1) | socat - TCP:192.0.2.20:80',
    ]);
    let seen = '';
    slow.stdout?.on('data', (data: Buffer) => (seen += data.toString()));
    const secure = service('secure', '8443:https', [{ port: 443, name: 'https', nodePort: 31_443 }], 2);
    services(WEB, secure);
    expect(publish()).toBe('published: 80 default/web, 8443 default/secure\n');
    await answers(8443, 'w0:31443');
    await vi.waitFor(() => expect(seen).toContain('w0:31080'), { timeout: 10_000 });
  });

  it('gives a port that two services want to the older one, and none that the blueprint does not name', async () => {
    const second = service('second', '80', [{ port: 80, nodePort: 31_443 }], 3);
    const ssh = service('ssh', '22:80', [{ port: 80, nodePort: 31_443 }], 3);
    const health = service('health', '8404:80', [{ port: 80, nodePort: 31_443 }], 3);
    services(second, ssh, health, WEB);
    expect(publish().split('\n').sort()).toEqual([
      '',
      'default/health: port 8404 is none of publishedServices.ports',
      'default/second: port 80 is published by default/web already',
      'default/ssh: port 22 is none of publishedServices.ports',
      'published: 80 default/web',
    ]);
    expect(fetched(80)).toBe('w0:31080');
    await answers(8443, 'nothing');
    // Said once.
    expect(publish()).toBe('');
  });

  it('gives no port at which another program listens', () => {
    lb0.start('python3', ['-m', 'http.server', '9000']);
    lb0.run('until ss -ltnH "sport = :9000" | grep -q .; do sleep 0.1; done');
    services(WEB, service('taken', '9000:80', [{ port: 80, nodePort: 31_443 }], 4));
    expect(publish()).toBe('default/taken: another program of this machine listens at port 9000\n');
  });

  it.each([
    ['a port that it does not have', '81', 'NodePort', 'it has no port 81'],
    ['text that would break out', '80\n    bind :1', 'NodePort', '"80?    bind :1" is neither a port, nor port:name'],
    ['no node port', '82:80', 'ClusterIP', 'it is of type ClusterIP, and only what has node ports can be published'],
    ['more than there is', '65536:80', 'NodePort', '65536 is no port'],
  ])('refuses %s', (_, value, type, why) => {
    services(WEB, service('wrong', value, [{ port: 80, nodePort: 31_443 }], 5, type));
    expect(publish()).toBe(`default/wrong: ${why}\n`);
    expect(fetched(80)).toBe('w0:31080');
  });

  it('keeps what is published while the API is away or answers nonsense', async () => {
    put(cp0, '/var/lib/api/services.json', '{"kind":"Status","status":"Failure"}');
    expect(publish()).toContain('the API does not answer, and what is published stays');
    put(cp0, '/var/lib/api/services.json', '{"kind":"ServiceList","items":');
    expect(publish()).toContain('the API does not answer');
    api.kill('SIGKILL');
    await new Promise((done) => api.once('exit', done));
    expect(publish()).toContain('the API does not answer');
    // Said once for as long as it lasts.
    expect(publish()).toBe('');
    expect(fetched(80)).toBe('w0:31080');
  });

  it('takes a service out that is gone, once the API is back', async () => {
    services();
    startApi();
    await vi.waitFor(() => expect(publish()).toContain('published: \n'), { timeout: 10_000, interval: 300 });
    await answers(80, 'nothing');
  });

  it('takes back what haproxy does not listen at', async () => {
    services(WEB);
    expect(publish()).toBe('published: 80 default/web\n');
    // A reload that does nothing is what a port that is taken looks like from outside.
    services(WEB, service('late', '8081:80', [{ port: 80, nodePort: 31_443 }], 6));
    const said = lb0.run('TRISKEL_RELOAD=true /opt/triskel/publish-services 2>&1 || echo "exit $?"');
    expect(said).toContain('haproxy does not listen at all ports');
    expect(said).toContain('exit 1');
    expect(lb0.run(`cat ${FILE}`)).not.toContain('8081');
    await answers(80, 'w0:31080');
  });
});
