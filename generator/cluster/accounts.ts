import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode } from './cluster.ts';
import type { Report } from './report.ts';
import { systemFacts } from './systems.ts';

/** Where the control plane runs as units, each program has an account of its name. */
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Reports accounts that an image has for its own use: the first boot leaves them as they are, and nobody can log in. */
export function refuseTakenAccounts(
  { access, controlPlane }: Blueprint,
  nodes: readonly ClusterNode[],
  report: Report,
): void {
  const systems = [...new Set(nodes.map(({ os }) => os.name))].sort();
  (access?.users ?? []).forEach(({ name }, index) => {
    if (controlPlane?.runs === 'systemd' && PROGRAMS.includes(name)) {
      const text = `the program ${name} runs as an account of its own name`;
      report(
        diagnostic('cluster/taken-account', text, [
          at(['access', 'users', index, 'name']),
          at(['controlPlane', 'runs']),
        ]),
      );
      return;
    }
    const taken = systems.filter((system) => systemFacts[system].accounts.includes(name));
    if (taken.length === 0) return;
    const titles = taken.map((system) => systemFacts[system].title).join(' and ');
    const text = `${titles} already ${taken.length > 1 ? 'have' : 'has'} an account ${name}`;
    report(diagnostic('cluster/taken-account', text, [at(['access', 'users', index, 'name'])]));
  });
}
