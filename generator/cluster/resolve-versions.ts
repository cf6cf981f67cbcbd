import { compareVersions, minorOf } from '../base/versions.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Pins } from './cluster.ts';
import type { Facts } from './facts.ts';
import { newestK3s } from './k3s.ts';
import type { Report } from './report.ts';
import {
  CONTAINERD_CONFIGURATION,
  fittingLines,
  newestPatch,
  pauseImage,
  readsConfiguration,
  versionsFor,
  type Versions,
} from './versions.ts';

/** What the cluster runs: the versions that go with its Kubernetes, and those that the blueprint chooses instead. */
export function resolveVersions(blueprint: Blueprint, facts: Facts, pins: Pins, report: Report): Versions | undefined {
  const usual = blueprint.controlPlane?.runs === 'k3s' ? newestK3s(facts) : undefined;
  const kubernetes = blueprint.kubernetes?.version ?? usual ?? newestPatch(facts);
  const etcd = blueprint.components?.etcd?.version;
  const containerd = blueprint.components?.containerd?.version;
  const versions = versionsFor(facts, kubernetes, {
    ...(etcd === undefined ? {} : { etcd }),
    ...(containerd === undefined ? {} : { containerd }),
    etcdArchive: blueprint.controlPlane?.runs === 'systemd',
  });
  if (typeof versions === 'string') {
    report(diagnostic('cluster/unsupported-version', versions, [at(['kubernetes', 'version'])]));
    return undefined;
  }
  const unfit = (program: 'etcd' | 'containerd', text: string | undefined): void => {
    const chosen = blueprint.components?.[program]?.version !== undefined;
    const path: Path = chosen ? ['components', program, 'version'] : ['kubernetes', 'version'];
    if (text !== undefined) report(diagnostic('cluster/unfit-version', text, [at(path)]));
  };
  unfit('etcd', misfit(versions, 'etcd'));
  unfit('containerd', unreadable(versions) ?? misfit(versions, 'containerd') ?? losesSandbox(versions, pins));
  return versions;
}

/** Why upstream does not run this version with this Kubernetes, if it does not. */
function misfit(versions: Versions, program: 'etcd' | 'containerd'): string | undefined {
  const lines = fittingLines(versions, program);
  const oldest = lines.get(minorOf(versions[program]));
  if (oldest !== undefined && compareVersions(versions[program], oldest) >= 0) return undefined;
  const fitting = [...lines].map(([name, from]) => `${name} from ${from}`).join(', ');
  return `${program} ${versions[program]} does not fit Kubernetes ${versions.minor}, which takes ${fitting}`;
}

/** Why this containerd cannot read the configuration that Triskel writes, if it cannot. */
function unreadable({ containerd, facts }: Versions): string | undefined {
  const line = minorOf(containerd);
  const isRead = readsConfiguration(facts, line);
  if (isRead === undefined) {
    return `nothing is known of containerd ${line}; known are ${Object.keys(facts.containerd).join(', ')}`;
  }
  const version = String(CONTAINERD_CONFIGURATION);
  return isRead
    ? undefined
    : `containerd ${containerd} does not read version ${version} of its configuration, which Triskel writes`;
}

/** Why this containerd would not find the sandbox image, if it would not. */
function losesSandbox(versions: Versions, pins: Pins): string | undefined {
  const { containerd, facts } = versions;
  const fault = facts.containerd[minorOf(containerd)]?.sandboxDigestFails;
  const image = pauseImage(versions);
  if (fault === undefined || pins.images[image] === undefined) return undefined;
  if (compareVersions(containerd, fault.from) < 0 || compareVersions(containerd, fault.to) > 0) return undefined;
  return `containerd ${containerd} does not find a sandbox image by tag and digest (${fault.from} to ${fault.to}), and ${image} is pinned`;
}
