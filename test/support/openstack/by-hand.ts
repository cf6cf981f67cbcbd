/**
 * What an operator types who makes blueprints/openstack-lbaas.yaml by hand: one `openstack` command after the other, with the names
 * and values of the guide that the blueprint replaces. Values that only the cloud knows are kept by an earlier command.
 */
export interface Command {
  readonly args: readonly string[];
  /** Under which name what it prints is kept: `${name}` in later commands. */
  readonly keeps?: string;
}

const NODES = ['master0', 'master1', 'master2'];
const value = (column: string): string => `-f value -c ${column}`;

/** `address`: the reserved floating IP. `userData`: a file inside the lab's tree. */
export function byHand(address: string, userData: string): readonly Command[] {
  const rule = (rest: string): string => `security group rule create masters ${rest}`;
  const within = '--remote-group masters';
  return [
    'network create k8s',
    'subnet create nodes --network k8s --subnet-range 10.180.0.0/24',
    'router create gw',
    'router set gw --external-gateway public',
    'router add subnet gw nodes',
    'security group create masters',
    rule('--protocol tcp --dst-port 6443 --remote-ip 0.0.0.0/0'),
    rule('--protocol tcp --dst-port 30000:32767 --remote-ip 0.0.0.0/0'),
    rule(`--protocol tcp --dst-port 2379 ${within}`),
    rule(`--protocol tcp --dst-port 2380 ${within}`),
    rule(`--protocol tcp --dst-port 10250 ${within}`),
    rule(`--protocol udp --dst-port 8472 ${within}`),
    rule(`--protocol icmp ${within}`),
    `group = server group create masters --policy soft-anti-affinity ${value('id')}`,
    'application credential create cloud-controller --role member --role load-balancer_member',
    ...NODES.map((node, index) => `volume${String(index)} = volume create ${node}-etcd --size 20 ${value('id')}`),
    ...NODES.map(
      (node, index) =>
        `port create ${node} --network k8s --fixed-ip subnet=nodes,ip-address=10.180.0.1${String(index)} --security-group masters`,
    ),
    ...NODES.map(
      (node, index) =>
        `server create ${node} --flavor m1.small --image tiny --port ${node} --hint group=\${group} --user-data ${userData} ` +
        `--availability-zone az${String(index + 1)} --wait --block-device ` +
        `uuid=\${volume${String(index)}},source_type=volume,destination_type=volume,boot_index=-1`,
    ),
    'loadbalancer create --name masters-lb --vip-subnet-id nodes --vip-address 10.180.0.7 --wait',
    'loadbalancer listener create masters-lb --name master --protocol TCP --protocol-port 443 --wait',
    'loadbalancer pool create --name masters-pool --listener master --protocol TCP --lb-algorithm ROUND_ROBIN --wait',
    'loadbalancer healthmonitor create masters-pool --name masters-monitor --type TCP --delay 5 --max-retries 2 --timeout 3 --wait',
    ...NODES.map(
      (node, index) =>
        `loadbalancer member create masters-pool --name ${node} --address 10.180.0.1${String(index)} --protocol-port 6443 ` +
        '--subnet-id nodes --wait',
    ),
    `port = loadbalancer show masters-lb ${value('vip_port_id')}`,
    `floating ip set --port \${port} ${address}`,
  ].map(command);
}

/** Takes all of it away again, but for the reserved address, which leads nowhere any more. */
export function awayByHand(address: string): readonly Command[] {
  return [
    `floating ip unset --port ${address}`,
    'loadbalancer delete masters-lb --cascade --wait',
    `server delete ${NODES.join(' ')} --wait`,
    `port delete ${NODES.join(' ')}`,
    `volume delete ${NODES.map((node) => `${node}-etcd`).join(' ')}`,
    'application credential delete cloud-controller',
    'server group delete masters',
    'security group delete masters',
    'router remove subnet gw nodes',
    'router delete gw',
    'network delete k8s',
  ].map(command);
}

function command(line: string): Command {
  const [, keeps, rest = line] = /^(\w+) = (.*)$/.exec(line) ?? [];
  return { args: rest.split(' '), ...(keeps === undefined ? {} : { keeps }) };
}

/** Runs one `openstack` command, given as its words, and gives what it prints. Throws when it fails. */
export type Client = (words: readonly string[]) => Promise<string>;

/** Runs one command after the other. */
export async function runByHand(commands: readonly Command[], client: Client): Promise<void> {
  const kept = new Map<string, string>();
  for (const { args, keeps } of commands) {
    const words = args.map((arg) => arg.replace(/\$\{(\w+)\}/g, (_whole, name: string) => kept.get(name) ?? ''));
    const printed = await client(words);
    if (keeps !== undefined) kept.set(keeps, printed.trim());
  }
}
