import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { isExempt } from '../../cluster/proxy.ts';
import { releaseFacts, repositoriesFor, systemFacts, type RepositoryFacts } from '../../cluster/systems.ts';
import type { PackageItem, PlanItem } from '../../nodeplan/items.ts';
import aptSources from './apt-repositories.sources.ejs';
import dnfConf from './dnf.conf.ejs';
import dnfRepositories from './dnf.repo.ejs';
import { mirrored } from './downloads.ts';

/** Where apt and dnf look for repositories when there is a mirror: the image's own are not asked then. */
const APT_FOLDER = '/etc/triskel/apt';
const DNF_FOLDER = '/etc/triskel/yum.repos.d';

/** apt.conf(5). cloud-init is told apart from this not to write its own sources into the folder. */
export const APT_REPOSITORIES = '/etc/apt/apt.conf.d/90-triskel-repositories';

/**
 * The repositories that packages come from, where the image's own do not do: the mirror's in place of them all, or those
 * that the image has switched off and a package needs.
 */
export function repositoryItems(cluster: Cluster, node: ClusterNode, wanted: readonly PackageItem[]): PlanItem[] {
  const { packageManager } = systemFacts[node.os.name];
  const { mirror, source } = cluster.packages;
  if (source === 'image') return [];
  const known = releaseFacts(node.os).repositories ?? [];
  const needed = repositoriesFor(node.os, wanted);
  const usable = known.filter(({ arch, optional, name = '' }) => {
    return (arch ?? node.os.arch) === node.os.arch && (optional !== true || needed.includes(name));
  });
  const repositories = usable.map(({ key, ...repository }) => ({
    ...repository,
    url: mirrored(repository.url, mirror),
    key: key === undefined ? undefined : mirrored(key, mirror),
  }));
  return packageManager === 'apt' ? apt(node, repositories, mirror) : dnf(cluster, node, repositories);
}

function apt({ os }: ClusterNode, repositories: readonly RepositoryFacts[], mirror: string | undefined): PlanItem[] {
  if (mirror === undefined) return [];
  const conf = `Dir::Etc::SourceList "/dev/null";\nDir::Etc::SourceParts "${APT_FOLDER}";\n`;
  const { keyring = '', components = '' } = systemFacts[os.name];
  return [
    file(APT_REPOSITORIES, conf),
    file(`${APT_FOLDER}/triskel.sources`, aptSources({ repositories, keyring, components })),
  ];
}

function dnf(cluster: Cluster, { os }: ClusterNode, repositories: readonly RepositoryFacts[]): PlanItem[] {
  const { mirror } = cluster.packages;
  const proxy = dnfProxy(cluster);
  const off = repositories.filter(({ optional }) => optional === true);
  const listed = mirror === undefined ? off : repositories;
  const folder = mirror === undefined ? '/etc/yum.repos.d' : DNF_FOLDER;
  const { keyring = '' } = systemFacts[os.name];
  const conf = dnfConf({ proxy, folder: mirror === undefined ? '' : DNF_FOLDER });
  return [
    ...(proxy === '' && mirror === undefined ? [] : [file('/etc/dnf/dnf.conf', conf)]),
    ...(listed.length === 0
      ? []
      : [file(`${folder}/triskel.repo`, dnfRepositories({ repositories: listed, keyring }))]),
  ];
}

/** dnf knows one proxy, and no exceptions but by repository (dnf.conf(5)). */
function dnfProxy({ proxy, packages: { mirror } }: Cluster): string {
  if (proxy === undefined || (mirror !== undefined && isExempt(new URL(mirror).hostname, proxy.exempt))) return '';
  return proxy.https ?? proxy.http ?? '';
}

function file(path: string, content: string): PlanItem {
  return { kind: 'file', path, mode: 0o644, content };
}
