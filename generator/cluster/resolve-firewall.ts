import { parseNetwork } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Firewall, FirewallSource, Opened } from './firewall.ts';
import type { Report } from './report.ts';
import { portRange } from './resolve-network.ts';

interface Resolved {
  /** Undefined where the blueprint does not switch one on. */
  readonly firewall: Firewall | undefined;
  /** What the blueprint says itself; without a word of it port 22 is open to nobody. */
  readonly opened: Opened;
}

/** The host firewall, and what is opened whether or not there is one. */
export function resolveFirewall({ firewall: given = {} }: Blueprint, report: Report): Resolved {
  const { enabled = false, ssh = [], allow = [], metadataForPods = false } = given;
  const opened = {
    ssh: sourcesOf(ssh, ['firewall', 'ssh'], report),
    allow: allow.flatMap(({ port, protocol = 'tcp', from = ['anywhere'] }, index) => {
      const path = ['firewall', 'allow', index];
      const ports = typeof port === 'number' ? port : portRange(port, [...path, 'port'], report);
      return ports === undefined ? [] : [{ port: ports, protocol, from: sourcesOf(from, [...path, 'from'], report) }];
    }),
  };
  const everybody = given.ssh === undefined ? { ssh: ['anywhere'] as const } : {};
  return { firewall: enabled ? { ...opened, ...everybody, metadataForPods } : undefined, opened };
}

function sourcesOf(texts: readonly string[], path: Path, report: Report): FirewallSource[] {
  return texts.flatMap((text, index): FirewallSource[] => {
    if (text === 'anywhere' || text === 'nodes' || text === 'pods') return [text];
    const network = parseNetwork(text);
    if (network !== undefined) return [network];
    const place = at([...path, index]);
    report(diagnostic('cluster/invalid-network', `"${text}" is not a network's address and prefix`, [place]));
    return [];
  });
}
