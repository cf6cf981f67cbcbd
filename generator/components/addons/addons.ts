import { isControlPlane, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import { ownedBy } from '../control-plane-unit.ts';
import { fetchedDownloads } from './fetched.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { AUTHORIZATION_POLICY, BIN, K3S_MANIFESTS, TRISKEL } from '../node-paths.ts';
import script from './apply-addons.sh';
import deploy from './k3s-deploy.sh';
import { k3sRights } from './k3s-rights.ts';
import type { AddonSet } from './set.ts';
import facts from './set.ejs';
import unit from './triskel-addons.service.ejs';

const NAME = 'addons';
const FOLDER = '/etc/kubernetes/addons';
const SCRIPT = `${TRISKEL}/apply-addons`;
const UNIT = 'triskel-addons.service';

/**
 * The applier, on every control-plane node: its identity and rights, the set, and the script that applies it once; where k3s
 * runs, that lets k3s deploy it. No component of the list: it needs what all of them bring.
 */
export function applierItems(cluster: Cluster, node: ClusterNode, set: AddonSet): readonly PlanItem[] {
  if (!isControlPlane(node)) return [];
  const { kubernetes, revision, sha256 } = set;
  const k3s = cluster.controlPlane.runs === 'k3s';
  const file = (path: string, content: string): PlanItem => ({ kind: 'file', path, mode: 0o600, content });
  return [
    // kubectl reads them at every call: nothing has to start anew when they are renewed.
    ...apiClientFiles(cluster, node, 'addons', NAME, []),
    ...(k3s
      ? [file(`${K3S_MANIFESTS}/triskel-rights.yaml`, k3sRights()), file(`${FOLDER}/k3s`, deploy)]
      : ownedBy(cluster, 'kube-apiserver', [
          { kind: 'file', path: AUTHORIZATION_POLICY, mode: 0o600, content: set.policy } as const,
        ])),
    ...set.files.map(({ name, content }) =>
      file(k3s && name.endsWith('.yaml') ? `${K3S_MANIFESTS}/triskel-set-${name}` : `${FOLDER}/${name}`, content),
    ),
    file(`${FOLDER}/set`, facts({ node: node.name, kubernetes, revision, sha256 })),
    ...fetchedDownloads(cluster, node, set.fetched),
    { kind: 'file', path: SCRIPT, mode: 0o755, content: script },
    {
      kind: 'unit',
      name: UNIT,
      enabled: true,
      content: unit({
        script: SCRIPT,
        folder: FOLDER,
        kubeconfig: kubeconfigPath(NAME),
        bin: BIN,
        after: k3s ? 'k3s.service' : 'kubelet.service',
      }),
    },
  ];
}
