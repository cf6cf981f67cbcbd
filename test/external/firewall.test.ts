/**
 * The host firewall as nft reads it, and in a real kernel: hosts in network namespaces, of which one has the generated rules,
 * a pod, and tables of other programs. What must pass passes, and what must not does not.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { components } from '../../generator/components/index.ts';
import { firewallItems } from '../../generator/components/firewall/firewall.ts';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { goldens, treeFor } from '../golden/trees.ts';
import { clusterOf } from '../support/cluster.ts';
import { startLab, type Host, type Lab } from '../support/namespaces.ts';
import { run } from '../support/programs.ts';

const RULES = '/etc/triskel/firewall.nft';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: demo
controlPlane: { runs: systemd }
endpoint: { type: external, internal: '192.0.2.5:6443' }
network: { nodes: [192.0.2.0/25, 2001:db8::/64], pods: [10.244.0.0/16, fd00:244::/56] }
os: { name: debian }
firewall:
  enabled: true
  ssh: [192.0.2.192/26]
  allow: [{ port: 9100, from: [pods, 192.0.2.11/32] }, { port: 7000-7001 }, { port: 30500 }]
nodes:
  - { name: cp0, roles: [control-plane], address: [192.0.2.10, '2001:db8::10'] }
  - { name: cp1, roles: [control-plane], address: [192.0.2.11, '2001:db8::11'] }
  - { name: cp2, roles: [control-plane], address: [192.0.2.12, '2001:db8::12'] }
  - { name: worker0, roles: [worker], address: [192.0.2.20, '2001:db8::20'] }
`);
/** What no component of this cluster has. */
const VRRP: PlanItem = { kind: 'port', protocol: 'vrrp', port: 112, purpose: 'VRRP', from: 'control-plane' };

function rulesOf(of: Cluster, node: ClusterNode, more: readonly PlanItem[] = []): string {
  const planned = components.flatMap((component) => component.plan?.(of, node) ?? []);
  const file = firewallItems(of, [...planned, ...more]).find((item) => item.kind === 'file');
  return file?.kind === 'file' ? file.content : '';
}

/** In a namespace of its own, for nft looks at the tables that are there even where it only checks. */
const checked = (rules: string): { code: number; output: string } =>
  run('unshare', ['--net', 'nft', '--check', '--file', '-'], { input: rules });

describe('nft takes the rules', () => {
  test('of every committed tree', async () => {
    const trees = await Promise.all(goldens().map(({ blueprint }) => treeFor(blueprint)));
    const files = trees.flatMap((tree) => [...tree].filter(([path]) => path.endsWith(RULES)));
    expect(files.length).toBeGreaterThan(5);
    for (const [path, content] of files) expect([path, checked(content)]).toEqual([path, { code: 0, output: '' }]);
  });

  test('of ports and networks that lie within each other', () => {
    const port = (first: number, last: number): PlanItem => {
      return { kind: 'port', protocol: 'tcp', port: [first, last], purpose: 'x', from: 'anywhere' };
    };
    const rules = rulesOf(cluster, cluster.nodes[0]!, [port(30_100, 30_200), port(30_150, 32_800)]);
    expect(checked(rules)).toEqual({ code: 0, output: '' });
  });

  test('where no /etc/protocols names protocols', () => {
    const check = 'mount --bind /dev/null /etc/protocols && exec nft --check --file -';
    const rules = rulesOf(cluster, cluster.nodes[0]!, [VRRP]);
    const inBare = (input: string): number => run('unshare', ['--net', '--mount', 'sh', '-c', check], { input }).code;
    expect(inBare(rules)).toBe(0);
  });

  test('and refuses others', () => {
    const rules = rulesOf(cluster, cluster.nodes[0]!);
    expect(checked(rules.replace('dport', 'dprot')).code).not.toBe(0);
    expect(checked(rules.replace('192.0.2.10', '192.0.2.256')).code).not.toBe(0);
  });
});

describe('in the kernel', () => {
  let lab: Lab;
  let cp0: Host, cp1: Host, worker0: Host, outside: Host;
  let pod: string;
  let heard = '';

  /** A line in the pod, which is a namespace behind cp0. */
  const inPod = (line: string): string => cp0.run(`nsenter --target ${pod} --net sh -c '${line}'`);

  /** open, refused, or silent: what becomes of a connection. */
  const connect = (runLine: (line: string) => string, address: string, port: number): string => {
    const bracketed = address.includes(':') ? `[${address}]` : address;
    const answer = runLine(
      `curl -s --connect-timeout 1 --max-time 2 telnet://${bracketed}:${String(port)} </dev/null; echo code=$?`,
    );
    if (answer.includes('hello')) return 'open';
    // curl(1): 7 is "failed to connect", 28 a time-out.
    return /code=7$/m.test(answer) ? 'refused' : 'silent';
  };
  const from = (host: Host, port: number, address = '192.0.2.10'): string =>
    connect((line) => host.run(line), address, port);
  const fromPod = (port: number, address = '10.244.0.1'): string => connect(inPod, address, port);

  const listen = async (host: Host, ports: readonly number[], prefix: readonly string[] = []): Promise<void> => {
    const [program = '', ...args] = [...prefix, 'python3', resolve('test/support/listener.py'), ...ports.map(String)];
    const child = host.start(program, args);
    await new Promise<void>((done) => {
      child.stdout?.on('data', (data: Buffer) => {
        if (host === cp0) heard += data.toString();
        done();
      });
    });
  };

  beforeAll(async () => {
    lab = startLab('fw', [
      { name: 'cp0', cidr: '192.0.2.10/24' },
      { name: 'cp1', cidr: '192.0.2.11/24' },
      { name: 'worker0', cidr: '192.0.2.20/24' },
      { name: 'outside', cidr: '192.0.2.200/24' },
    ]);
    [cp0, cp1, worker0, outside] = lab.hosts as unknown as [Host, Host, Host, Host];
    for (const [host, address] of [
      [cp0, '2001:db8::10'],
      [cp1, '2001:db8::11'],
      [outside, '2001:db8:1::200'],
    ] as const)
      host.run(`ip address add ${address}/32 nodad dev eth0`);
    await listen(cp0, [7000, 22, 6443, 2379, 8080, 8443, 8472, 9100, 10_250, 30_080]);
    // A pod, and what kube-proxy and the pod network write for it.
    const child = cp0.start('unshare', ['--net', 'sh', '-c', 'echo up; exec sleep 3600']);
    pod = String(child.pid);
    await new Promise((done) => child.stdout?.once('data', done));
    cp0.run(`ip link add pod0 type veth peer name eth0 netns ${pod}
      ip address add 10.244.0.1/24 dev pod0 && ip link set pod0 up && sysctl -qw net.ipv4.ip_forward=1`);
    inPod(
      'ip link set lo up; ip address add 10.244.0.5/24 dev eth0; ip link set eth0 up; ip route add default via 10.244.0.1',
    );
    await listen(cp0, [9, 8080], ['nsenter', '--target', pod, '--net']);
    writeFileSync(
      join(cp0.root, 'etc/others.nft'),
      `table ip others {
  chain services {
    type nat hook prerouting priority dstnat
    tcp dport 30081 dnat to 10.244.0.5:8080
    tcp dport 30082 dnat to 192.0.2.10:8443
  }
  chain leaving {
    type nat hook postrouting priority srcnat
    ip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade
  }
}
`,
    );
    cp0.run('nft -f /etc/others.nft');
    // The cloud's metadata service lies behind another host.
    outside.run('ip address add 169.254.169.254/32 dev lo; ip address add 203.0.113.7/32 dev lo');
    cp0.run('ip route add 169.254.169.254 via 192.0.2.200; ip route add 203.0.113.7 via 192.0.2.200');
    await listen(outside, [9, 80]);
  }, 60_000);
  afterAll(() => {
    lab.stop();
  });

  test('without the firewall everything passes, and the pod reaches the metadata service', () => {
    expect([from(outside, 8080), from(outside, 10_250), from(outside, 2379)]).toEqual(['open', 'open', 'open']);
    expect([fromPod(8080), fromPod(80, '169.254.169.254')]).toEqual(['open', 'open']);
  });

  test('it is loaded beside what others have written', () => {
    cp0.run('mkdir -p /etc/triskel');
    writeFileSync(join(cp0.root, RULES), rulesOf(cluster, cluster.nodes[0]!, [VRRP]));
    cp0.run(`nft --file ${RULES}`);
    expect(cp0.run('nft list tables')).toBe('table ip others\ntable inet triskel\n');
  });

  test('the API is open to everybody, in both families', () => {
    expect([from(outside, 6443), from(cp1, 6443), fromPod(6443)]).toEqual(['open', 'open', 'open']);
  });

  test('etcd and the kubelet are open to the control plane alone', () => {
    expect([from(cp1, 2379), from(cp1, 10_250)]).toEqual(['open', 'open']);
    expect([from(worker0, 2379), from(worker0, 10_250), from(outside, 2379)]).toEqual(['silent', 'silent', 'silent']);
  });

  test('a member whose etcd is off still refuses its peers, by which their guards know that the machine is up', () => {
    expect(from(cp1, 2380)).toBe('refused');
    expect(from(worker0, 2380)).toBe('silent');
  });

  test('what no item names is closed to everybody else, and open to the node itself', () => {
    expect([from(cp1, 8080), from(outside, 8080), fromPod(8080)]).toEqual(['silent', 'silent', 'silent']);
    expect(from(cp0, 8080)).toBe('open');
  });

  test('SSH is open to the networks that the blueprint names', () => {
    expect([from(outside, 22), from(cp1, 22)]).toEqual(['open', 'silent']);
  });

  test('a port of the blueprint is open to whom it says', () => {
    expect([fromPod(9100), from(cp1, 9100), from(outside, 9100)]).toEqual(['open', 'open', 'silent']);
  });

  test('NodePorts reach pods, and programs on the node’s own network', () => {
    expect([from(outside, 30_080), from(outside, 30_081), from(outside, 30_082)]).toEqual(['open', 'open', 'open']);
    expect(from(outside, 8443)).toBe('silent');
  });

  test('probes reach the pod, and the pod the world', () => {
    expect(from(cp0, 8080, '10.244.0.5')).toBe('open');
    expect(fromPod(80, '203.0.113.7')).toBe('open');
  });

  test('pods are refused by the metadata service at once, and the node is not', () => {
    expect(fromPod(80, '169.254.169.254')).toBe('refused');
    expect(from(cp0, 80, '169.254.169.254')).toBe('open');
  });

  test('datagrams of the pod network and VRRP come from nodes alone', async () => {
    heard = '';
    const send = (host: Host): void => {
      const code = `import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.10", 8472))
socket.socket(socket.AF_INET, socket.SOCK_RAW, 112).sendto(b"x" * 20, ("192.0.2.10", 0))`;
      host.run(`python3 -c '${code}'`);
    };
    for (const host of [outside, worker0, cp1]) send(host);
    await expect.poll(() => heard).toContain('vrrp 112 192.0.2.11');
    await expect
      .poll(() => heard.match(/^udp .*$/gm))
      .toEqual(['udp 8472 ::ffff:192.0.2.20', 'udp 8472 ::ffff:192.0.2.11']);
    expect(heard.match(/^vrrp .*$/gm)).toEqual(['vrrp 112 192.0.2.11']);
  });

  test('echoes are answered', () => {
    const code = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
s.settimeout(2)
s.sendto(bytes([8, 0, 0xF7, 0xFF, 0, 0, 0, 0]), ("192.0.2.10", 0))
print("type", s.recv(64)[20])`;
    expect(outside.run(`python3 -c '${code}'`)).toBe('type 0\n');
  });

  describe('on IPv6', () => {
    beforeAll(() => {
      const peers = [
        [cp0, '2001:db8::11'],
        [cp0, '2001:db8:1::200'],
        [cp1, '2001:db8::10'],
        [outside, '2001:db8::10'],
      ] as const;
      for (const [host, address] of peers) host.run(`ip -6 route add ${address} dev eth0`);
    });

    test('the same is open and closed', () => {
      const address = '2001:db8::10';
      expect([from(cp1, 2379, address), from(outside, 6443, address)]).toEqual(['open', 'open']);
      expect([from(outside, 2379, address), from(cp1, 8080, address), from(outside, 22, address)]).toEqual([
        'silent',
        'silent',
        'silent',
      ]);
    });
  });

  test('loading it again leaves connections as they are, and other tables', async () => {
    const others = cp0.run('nft list table ip others');
    const talking = outside.start('python3', [
      '-c',
      `import socket, time
s = socket.create_connection(("192.0.2.10", 7000), 2)
print(s.recv(64), flush=True)
time.sleep(1)
s.sendall(b"still here")
print(s.recv(64), flush=True)`,
    ]);
    let said = '';
    talking.stdout?.on('data', (data: Buffer) => (said += data.toString()));
    await expect.poll(() => said).toContain('hello');
    cp0.run(`nft --file ${RULES}`);
    cp0.run(`nft --file ${RULES}`);
    expect(cp0.run('nft list table ip others')).toBe(others);
    await expect.poll(() => said, { timeout: 5000 }).toContain('still here');
    expect(cp0.run('nft list table inet triskel').match(/dport 6443|6443,/g)?.length).toBe(1);
    expect([from(outside, 6443), from(outside, 8080)]).toEqual(['open', 'silent']);
  });

  test('rules that nft does not take leave those that are there', () => {
    writeFileSync(join(cp0.root, 'etc/broken.nft'), `${rulesOf(cluster, cluster.nodes[0]!)}nonsense\n`);
    const before = cp0.run('nft list table inet triskel');
    expect(() => cp0.run('nft --file /etc/broken.nft')).toThrow();
    expect(cp0.run('nft list table inet triskel').replaceAll(/packets \d+ bytes \d+/g, '')).toBe(
      before.replaceAll(/packets \d+ bytes \d+/g, ''),
    );
  });

  test('taken away, everything passes again', () => {
    cp0.run('nft delete table inet triskel');
    expect(from(outside, 8080)).toBe('open');
    expect(cp0.run('nft list tables')).toBe('table ip others\n');
  });
});
