import type { Path } from '../../base/paths.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { checkConfiguration, type Configuration } from '../settings.ts';
import { serverConfig } from './config.ts';
import { OWNED_AGENT, OWNED_SERVER } from './owned.ts';

/** Options that nothing reads where k3s brings the program within itself, and what there is in their place. */
const UNREAD: readonly (readonly [Path, string])[] = [
  [['components', 'coredns'], 'k3s brings CoreDNS with a configuration of its own'],
  [['components', 'containerd', 'version'], 'k3s brings a containerd of its own'],
  [['components', 'etcd', 'version'], 'k3s brings an etcd of its own'],
  [['components', 'kube-proxy', 'configuration'], 'k3s gives kube-proxy flags alone'],
];

/** What is wrong with what the blueprint says of k3s, or to it. */
export function checkOptions(cluster: Cluster): Diagnostic[] {
  const { options, encryptionAtRest, mirrors } = cluster;
  if (cluster.controlPlane.runs !== 'k3s') {
    if (options.k3s === undefined) return [];
    const text = `controlPlane.runs is ${cluster.controlPlane.runs}, and nothing reads components.k3s`;
    return [diagnostic('settings/without-effect', text, [{ path: ['components', 'k3s'], onKey: true }])];
  }
  const found: Diagnostic[] = [...keys(cluster), ...unread(cluster)];
  const refuse = (text: string, path: Path): number =>
    found.push(diagnostic('cluster/combination', text, [at(path), at(['controlPlane', 'runs'])]));
  if (encryptionAtRest.provider === 'aesgcm')
    refuse('k3s encrypts by secretbox or aescbc, and not by aesgcm', ['encryptionAtRest', 'provider']);
  if (encryptionAtRest.provider !== 'none' && encryptionAtRest.resources.some((resource) => resource !== 'secrets'))
    refuse('k3s encrypts secrets alone', ['encryptionAtRest', 'resources']);
  // One switch for all registries that have a mirror (docs.k3s.io, "Default Endpoint Fallback").
  const open = mirrors.find(({ onlyMirrors }) => !onlyMirrors);
  if (open !== undefined && mirrors.some(({ onlyMirrors }) => onlyMirrors))
    refuse(`k3s asks mirrors alone for all registries or for none, and ${open.registry} has no onlyMirrors`, [
      'registries',
      'mirrors',
      mirrors.indexOf(open),
    ]);
  return found;
}

function keys(cluster: Cluster): Diagnostic[] {
  const [first] = cluster.controlPlaneNodes;
  const { server = {}, agent = {} } = cluster.options.k3s ?? {};
  const written = first === undefined ? {} : serverConfig(cluster, first);
  const check = (kind: 'k3s server' | 'k3s agent', given: Configuration, whole: Configuration): Diagnostic[] =>
    checkConfiguration(cluster.versions, kind, given, {
      owned: kind === 'k3s server' ? OWNED_SERVER : OWNED_AGENT,
      path: ['components', 'k3s', kind.slice('k3s '.length)],
      written: whole,
    });
  return [...check('k3s server', server, written), ...check('k3s agent', agent, {})];
}

function unread({ options }: Cluster): Diagnostic[] {
  return UNREAD.filter(([path]) => isThere({ components: options }, path)).map(([path, why]) =>
    diagnostic('settings/without-effect', `${path.join('.')} has no effect: ${why}`, [{ path, onKey: true }]),
  );
}

function isThere(value: unknown, [step, ...rest]: Path): boolean {
  if (step === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && isThere((value as Record<string, unknown>)[step], rest);
}
