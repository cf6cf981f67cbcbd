import { canonicalJson } from '../base/digests.ts';
import { sortedBy } from '../base/order.ts';
import type { ClusterNode } from '../cluster/cluster.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanItem } from './items.ts';
import { refuseSamePort } from './listening.ts';
import { itemKey, type NodePlan } from './nodeplan.ts';

type Kind = PlanItem['kind'];

/**
 * What the components want of one node → one plan. Equal items count once; different ones with one key conflict. A file
 * that several components read restarts what each of them names.
 */
export function mergeItems(node: ClusterNode, items: readonly PlanItem[]): Checked<NodePlan> {
  const diagnostics: Diagnostic[] = [];
  const byKind = new Map<Kind, Map<string, PlanItem>>();
  for (const item of items) {
    const kind = byKind.get(item.kind) ?? new Map<string, PlanItem>();
    byKind.set(item.kind, kind);
    const key = itemKey(item);
    const other = kind.get(key);
    if (other === undefined) kind.set(key, item);
    else if (other === item) continue;
    else if (wish(other) === wish(item)) kind.set(key, united(other, item));
    else {
      const places = [item, other].flatMap((i) => (i.origin === undefined ? [] : [at(i.origin)]));
      diagnostics.push(
        diagnostic('plan/conflict', `${node.name}: two different wishes for the ${item.kind} ${key}`, places),
      );
    }
  }
  const list = <K extends Kind>(kind: K): Extract<PlanItem, { kind: K }>[] =>
    sortedBy([...(byKind.get(kind)?.values() ?? [])] as Extract<PlanItem, { kind: K }>[], itemKey);
  const value: NodePlan = {
    node,
    files: list('file'),
    directories: list('directory'),
    links: list('link'),
    units: list('unit'),
    dropIns: list('drop-in'),
    packages: list('package'),
    downloads: list('download'),
    accounts: list('account'),
    users: list('user'),
    filesystems: list('filesystem'),
    sysctls: list('sysctl'),
    kernelModules: list('kernel-module'),
    ports: list('port'),
    images: list('image'),
    phases: list('phase'),
  };
  return { value, diagnostics: [...diagnostics, ...refuseSamePort(node, value.ports)] };
}

/** What is wanted, apart from where and for whom. */
function wish(item: PlanItem): string {
  return canonicalJson({ ...item, origin: [], restarts: [] });
}

function united(a: PlanItem, b: PlanItem): PlanItem {
  if (a.kind !== 'file' || b.kind !== 'file') return a;
  const readers = new Map(
    [...(a.restarts ?? []), ...(b.restarts ?? [])].map((reader) => [canonicalJson(reader), reader]),
  );
  const restarts = sortedBy([...readers], ([text]) => text).map(([, reader]) => reader);
  return restarts.length === 0 ? a : { ...a, restarts };
}
