import type { Cluster } from '../../cluster/cluster.ts';
import { at, diagnostic, type Checked } from '../../diagnostics/diagnostic.ts';
import type { DownloadItem, PlanItem } from '../../nodeplan/items.ts';
import checkScript from './check-image.sh';
import fetchScript from './fetch.sh';
import unit from './triskel-fetch.service.ejs';

const MIRROR_CA = '/etc/triskel/mirror-ca.pem';

/**
 * Downloads → the list of them, the script that fetches them and triskel-fetch.service, which other units wait for.
 * Where the image brings the programs, that unit only looks whether all of them are there.
 */
export function downloadItems(downloads: readonly DownloadItem[], cluster: Cluster): Checked<PlanItem[]> {
  if (cluster.binaries.source === 'image') return { value: imageItems(downloads), diagnostics: [] };
  const diagnostics = downloads
    .filter((item) => item.sha256 === undefined)
    .map(({ title, url, origin }) => {
      const places = origin === undefined ? [] : [at(origin)];
      return diagnostic('plan/unknown-checksum', `the sha256 of ${title} is not known (${url})`, places);
    });
  const { mirror, mirrorCa } = cluster.binaries;
  const lines = downloads.map((item) => downloadLine(item, mirror));
  const items: PlanItem[] = [
    text('/etc/triskel/downloads', lines),
    { kind: 'file', path: '/opt/triskel/fetch', mode: 0o755, content: fetchScript },
    ...fetchUnit('Fetches the programs that this node runs', '/opt/triskel/fetch'),
    { kind: 'package', name: 'curl' },
  ];
  if (mirror !== undefined && mirrorCa !== undefined) items.push(text(MIRROR_CA, mirrorCa.trimEnd().split('\n')));
  return { value: items, diagnostics };
}

/** Where a file is fetched: `<mirror>/<upstream host>/<upstream path>`, or upstream itself. */
export function mirrored(url: string, mirror: string | undefined): string {
  return mirror === undefined ? url : `${mirror.replace(/\/+$/, '')}/${url.replace(/^https?:\/\//, '')}`;
}

function downloadLine({ sha256, url, target, members }: DownloadItem, mirror: string | undefined): string {
  const fields = [sha256 ?? 'unknown', mirrored(url, mirror), target, members?.join(',') ?? '-'];
  if (!fields.every((field) => /^\S+$/.test(field))) throw new Error(`a download with a blank in it: ${url}`);
  return fields.join(' ');
}

function imageItems(downloads: readonly DownloadItem[]): PlanItem[] {
  const programs = downloads.flatMap(
    ({ target, members }) => members?.map((member) => `${target}/${member}`) ?? [target],
  );
  return [
    text('/etc/triskel/programs', programs),
    { kind: 'file', path: '/opt/triskel/check-image', mode: 0o755, content: checkScript },
    ...fetchUnit('Looks for the programs that this node runs', '/opt/triskel/check-image'),
  ];
}

function fetchUnit(description: string, script: string): PlanItem[] {
  const name = 'triskel-fetch.service';
  return [
    { kind: 'unit', name, enabled: true, content: unit({ description, script }) },
    { kind: 'phase', phase: 'download', unit: name },
  ];
}

function text(path: string, lines: readonly string[]): PlanItem {
  return { kind: 'file', path, mode: 0o644, content: lines.map((line) => `${line}\n`).join('') };
}
