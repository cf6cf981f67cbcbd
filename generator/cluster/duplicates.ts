import type { Path } from '../base/paths.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode } from './cluster.ts';
import type { Report } from './report.ts';

/** Reports every name and every address that two nodes have, with both places. */
export function refuseDuplicates(nodes: readonly ClusterNode[], report: Report): void {
  const names = new Map<string, ClusterNode>();
  const addresses = new Map<string, ClusterNode>();
  for (const node of nodes) {
    const sameName = names.get(node.name);
    if (sameName !== undefined) {
      const places = [at(nameKey(node)), at(nameKey(sameName), 'first used here')];
      report(diagnostic('cluster/duplicate-name', `two nodes are called ${node.name}`, places));
    } else names.set(node.name, node);
    for (const address of node.addresses) {
      const sameAddress = addresses.get(address.text);
      if (sameAddress === undefined) addresses.set(address.text, node);
      else {
        const places = [at(addressKey(node)), at(addressKey(sameAddress), `first used here, by ${sameAddress.name}`)];
        report(
          diagnostic(
            'cluster/duplicate-address',
            `${node.name} and ${sameAddress.name} both have ${address.text}`,
            places,
          ),
        );
      }
    }
  }
}

/** Reports every entry of a list that has the key of another one before it. */
export function refuseTwice(
  keys: readonly string[],
  what: (key: string) => string,
  path: (index: number) => Path,
  report: Report,
): void {
  const first = new Map<string, number>();
  keys.forEach((key, index) => {
    const twin = first.get(key);
    if (twin === undefined) first.set(key, index);
    else {
      const places = [at(path(index)), at(path(twin), 'first here')];
      report(diagnostic('cluster/duplicate-entry', `${what(key)} stands twice`, places));
    }
  });
}

function nameKey(node: ClusterNode): Path {
  return [...node.origin, 'name'];
}

/** Where the blueprint gives a node its address. */
export function addressKey(node: ClusterNode): Path {
  return [...node.origin, node.origin[0] === 'nodeGroups' ? 'addresses' : 'address'];
}
