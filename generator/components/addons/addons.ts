import { isControlPlane, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import { ownedBy } from '../control-plane-unit.ts';
import { fetchedDownloads } from './fetched.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { AUTHORIZATION_POLICY, BIN, TRISKEL } from '../node-paths.ts';
import script from './apply-addons.sh';
import type { AddonSet } from './set.ts';
import facts from './set.ejs';
import unit from './triskel-addons.service.ejs';

const NAME = 'addons';
const FOLDER = '/etc/kubernetes/addons';
const SCRIPT = `${TRISKEL}/apply-addons`;
const UNIT = 'triskel-addons.service';

/**
 * The applier, on every control-plane node: its identity and rights, the set, and the script that applies it once.
 * No component of the list: it needs what all of them bring.
 */
export function applierItems(cluster: Cluster, node: ClusterNode, set: AddonSet): readonly PlanItem[] {
  if (!isControlPlane(node)) return [];
  const { kubernetes, revision, sha256 } = set;
  return [
    // kubectl reads them at every call: nothing has to start anew when they are renewed.
    ...apiClientFiles(cluster, node, 'addons', NAME, []),
    ...ownedBy(cluster, 'kube-apiserver', [
      { kind: 'file', path: AUTHORIZATION_POLICY, mode: 0o600, content: set.policy } as const,
    ]),
    ...set.files.map(
      ({ name, content }) => ({ kind: 'file', path: `${FOLDER}/${name}`, mode: 0o600, content }) as const,
    ),
    {
      kind: 'file',
      path: `${FOLDER}/set`,
      mode: 0o600,
      content: facts({ node: node.name, kubernetes, revision, sha256 }),
    },
    ...fetchedDownloads(cluster, node, set.fetched),
    { kind: 'file', path: SCRIPT, mode: 0o755, content: script },
    {
      kind: 'unit',
      name: UNIT,
      enabled: true,
      content: unit({ script: SCRIPT, folder: FOLDER, kubeconfig: kubeconfigPath(NAME), bin: BIN }),
    },
  ];
}
