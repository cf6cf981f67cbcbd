import { parseNetwork } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Firewall, FirewallSource } from './firewall.ts';
import type { Report } from './report.ts';
import { portRange } from './resolve-network.ts';

/** The host firewall; undefined where the blueprint does not switch one on. */
export function resolveFirewall({ firewall: given }: Blueprint, report: Report): Firewall | undefined {
  if (given === undefined) return undefined;
  const { enabled = false, ssh = ['anywhere'], allow = [], metadataForPods = false } = given;
  const firewall = {
    ssh: sourcesOf(ssh, ['firewall', 'ssh'], report),
    allow: allow.flatMap(({ port, protocol = 'tcp', from = ['anywhere'] }, index) => {
      const path = ['firewall', 'allow', index];
      const ports = typeof port === 'number' ? port : portRange(port, [...path, 'port'], report);
      return ports === undefined ? [] : [{ port: ports, protocol, from: sourcesOf(from, [...path, 'from'], report) }];
    }),
    metadataForPods,
  };
  return enabled ? firewall : undefined;
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
