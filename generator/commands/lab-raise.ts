import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { imagesFolder } from '../host/lab/folders.ts';
import { startBalancer } from '../host/lab/balancer.ts';
import { ensureImage, ensurePrograms, programVersions } from '../host/lab/images.ts';
import { openLab, startLab, type Lab } from '../host/lab/lab.ts';
import type { Machine } from '../host/lab/machine.ts';
import { makeMirror } from '../host/lab/mirror.ts';
import { writeLabFile, writeSubject } from '../host/lab/lab-file.ts';
import { hasLoopDevices, machineArch, unmetRequirements } from '../host/lab/requirements.ts';
import { isThere } from '../host/files.ts';
import { balancerNote, balancerOf } from '../lab/balancer.ts';
import { PROGRAM_PACKAGES, supplyNotes } from '../lab/programs.ts';
import { gatewaysOf, interfaceOf, mirrorUrl, seedOf } from '../lab/seed.ts';
import { suiteOf } from '../lab/twin.ts';
import { holeId } from '../secrets/holes.ts';
import { subjectInLab } from '../verify/subject.ts';
import type { Context } from './context.ts';
import type { Ready } from './generation.ts';
import { compileTwin, type TwinCluster } from './lab-twin.ts';

/** A lab that runs, with the machines of a blueprint in it, switched off. */
export interface Raised {
  readonly lab: Lab;
  readonly twin: TwinCluster;
  readonly machines: ReadonlyMap<string, Machine>;
  /** What is not as in the blueprint, one sentence each. */
  readonly notes: readonly string[];
}

/** Of a node's own disk; it takes space as it fills. */
const DISK_MEBIBYTES = 1024;

/** Makes what a blueprint's lab needs, and the lab itself. It ends with this program unless it is kept. */
export async function raiseLab(
  file: string,
  { cluster }: Ready,
  { name, own }: { readonly name: string; readonly own?: string | undefined },
  context: Context,
): Promise<Checked<Raised>> {
  const refused = refusals(name, own, cluster);
  if (refused.length > 0) return { value: undefined, diagnostics: refused };
  await context.progress(`${name}: programs of Debian`);
  const programs = await ensurePrograms();
  if (programs.length > 0) return { value: undefined, diagnostics: programs };
  const gateways = gatewaysOf(cluster);
  const cidrs = gateways.map(({ address, network }) => `${address.text}/${String(network.prefix)}`);
  let lab: Lab | undefined;
  try {
    lab = await startLab(name, cidrs);
  } catch (error) {
    return {
      value: undefined,
      diagnostics: [diagnostic('lab/not-started', error instanceof Error ? error.message : String(error))],
    };
  }
  if (lab === undefined) return { value: undefined, diagnostics: [running(name)] };
  const raised = await fillLab(lab, file, cluster, own, context);
  if (raised.value === undefined) await lab.stop();
  return raised;
}

function refusals(name: string, own: string | undefined, cluster: Cluster): Diagnostic[] {
  const unmet = unmetRequirements({ balancer: balancerOf(cluster) !== undefined });
  if (unmet.length > 0) return unmet;
  if (openLab(name) !== undefined) return [running(name)];
  if (own !== undefined && !isThere(own))
    return [diagnostic('parse/unreadable', `there is no folder ${own}`, [{ file: own }])];
  return [];
}

function running(name: string): Diagnostic {
  return diagnostic('lab/running', `a lab called ${name} is running already`);
}

async function fillLab(
  lab: Lab,
  file: string,
  cluster: Cluster,
  own: string | undefined,
  context: Context,
): Promise<Checked<Raised>> {
  const gateways = gatewaysOf(cluster);
  const [first] = gateways;
  if (first === undefined) throw new Error('a cluster without a network');
  const suites = ['bookworm', 'trixie'];
  const mirror = await makeMirror(join(lab.folder, 'mirror'), {
    addresses: gateways.map(({ address }) => address.text),
    suites,
    own,
  });
  const etcd = programVersions().get('etcd-server');
  const ground = {
    mirror: mirrorUrl(first.address),
    mirrorCa: mirror.ca,
    gateway: first.address.text,
    arch: machineArch(),
    debianEtcd: etcd?.replace(/-.*/, ''),
    hasDisks: hasLoopDevices(),
  };
  await context.progress(`${lab.name}: its own form of ${file}`);
  const twin = await compileTwin(file, cluster, ground, mirror);
  if (twin.value === undefined) return { value: undefined, diagnostics: twin.diagnostics };
  const images = await ensureImages(twin.value, context);
  if (blocks(images)) return { value: undefined, diagnostics: images };
  const balancer = balancerOf(twin.value.cluster);
  const notes = [
    ...twin.value.differences,
    ...(balancer === undefined ? [] : [balancerNote(balancer)]),
    ...supplyNotes(twin.value.supplies, debianPackages()),
  ];
  for (const note of notes) context.event(`not as in the blueprint: ${note}`, { event: 'difference', text: note });
  await mirror.serve(lab);
  if (balancer !== undefined) await startBalancer(lab, balancer);
  const machines = new Map<string, Machine>();
  for (const { rendered, payload, open } of twin.value.nodes) {
    const { node } = rendered;
    if (payload === undefined) throw new Error(`${node.name} has open holes: ${open.map(holeId).join(', ')}`);
    const image = join(imagesFolder(), suiteOf(node.os.version ?? ''));
    const disks = (twin.value.disks.get(node.name) ?? []).map((device) => ({ device, mebibytes: DISK_MEBIBYTES }));
    const files = seedOf(twin.value.cluster, node, payload.bytes);
    machines.set(node.name, await lab.add({ name: node.name, image, files, interface: interfaceOf(node), disks }));
  }
  writeLabFile(lab, { blueprint: file, cluster: twin.value.cluster, notes });
  const standIns = twin.value.supplies.filter(({ by }) => by === 'stand-in').map(({ program }) => program);
  writeSubject(lab, subjectInLab(twin.value.cluster, twin.value.store, [...new Set(standIns)].sort()));
  return { value: { lab, twin: twin.value, machines, notes }, diagnostics: [] };
}

async function ensureImages({ nodes }: TwinCluster, context: Context): Promise<readonly Diagnostic[]> {
  const suites = new Map<string, Set<string>>();
  for (const { rendered } of nodes) {
    const suite = suiteOf(rendered.node.os.version ?? '');
    const packages = suites.get(suite) ?? new Set<string>();
    suites.set(suite, packages);
    for (const { name } of rendered.plan.packages) packages.add(name);
  }
  for (const [suite, packages] of suites) {
    await context.progress(`Debian ${suite}: image and packages (once; about a minute)`);
    const refused = await ensureImage(suite, [...packages]);
    if (refused.length > 0) return refused;
  }
  return [];
}

function debianPackages(): ReadonlyMap<string, string> {
  const versions = programVersions();
  return new Map(
    PROGRAM_PACKAGES.flatMap((name) => (versions.has(name) ? [[name, versions.get(name) ?? ''] as const] : [])),
  );
}
