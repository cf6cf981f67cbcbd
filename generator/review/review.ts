import type { Blueprint } from '../blueprint/blueprint.types.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { rules } from './rules.ts';

/** Every rule over one cluster; what the blueprint acknowledges is kept and marked, and no longer blocks. */
export function review(cluster: Cluster, acknowledge: NonNullable<Blueprint['acknowledge']>): readonly Diagnostic[] {
  const found = rules.flatMap((rule) => rule(cluster));
  const reasons = new Map(acknowledge.map(({ code, reason }) => [code, reason]));
  const codes = new Set<string>(found.map(({ code }) => code));
  const idle = acknowledge.flatMap(({ code }, index) =>
    codes.has(code)
      ? []
      : [
          diagnostic('review/idle-acknowledgement', `nothing in this blueprint raises ${code}`, [
            at(['acknowledge', index]),
          ]),
        ],
  );
  const marked = found.map((d) => {
    const acknowledged = reasons.get(d.code);
    return acknowledged === undefined ? d : { ...d, acknowledged };
  });
  return [...marked, ...idle];
}
