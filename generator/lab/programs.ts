import { flagNames, versionOf } from '../cluster/lives.ts';
import type { Program } from '../cluster/facts.ts';
import type { Versions } from '../cluster/versions.ts';
import type { DownloadItem } from '../nodeplan/items.ts';
import standIn from './stand-in.py';

/** The Debian whose packages have the newest of the programs that nodes download. */
export const PROGRAMS_SUITE = 'forky';

/** Those packages. */
export const PROGRAM_PACKAGES = [
  'containerd',
  'containernetworking-plugins',
  'etcd-client',
  'etcd-server',
  'kubectl',
  'runc',
] as const;

/** Where packages have programs, in the order in which they are looked for. */
export const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'usr/lib/cni'] as const;

/** Kubernetes' own daemons, which no Debian package has. */
const DAEMONS: readonly string[] = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
] satisfies Program[];

/** Where a program on a lab's nodes comes from: the user's mirror, a package of Debian's, or a program that stands in. */
export interface Supply {
  /** "kube-apiserver 1.36.3" */
  readonly title: string;
  readonly program: string;
  readonly by: 'mirror' | 'debian' | 'stand-in';
}

/** The programs that a download brings, by the names that they have on the node. */
export function programsOf({ members, target }: DownloadItem): readonly string[] {
  return members ?? [target.replace(/.*\//, '')];
}

/** The program that stands in for one that Debian does not have. */
export function standInFor(program: string, versions: Versions): string {
  if (!DAEMONS.includes(program))
    return `#!/bin/sh\necho "$0: stands in for a program that this lab does not have" >&2\nexit 1\n`;
  const daemon = program as Program;
  const spec = { name: daemon, version: versionOf(versions, daemon), flags: flagNames(versions, daemon) };
  return `#!/usr/bin/python3\nimport json\nSPEC = json.loads(${pythonText(JSON.stringify(spec))})\n${standIn}`;
}

/** A literal of Python's: JSON's strings are among them. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** What a lab says of the programs that are not the user's own, one line for each kind. */
export function supplyNotes(supplies: readonly Supply[], packages: ReadonlyMap<string, string>): string[] {
  const by = (kind: Supply['by']): string[] =>
    [...new Set(supplies.filter((each) => each.by === kind).map(({ program }) => program))].sort();
  const standIns = by('stand-in');
  const debian = [...packages].map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    ...(standIns.length === 0
      ? []
      : [
          `stand-ins in place of ${standIns.join(', ')}: they check arguments and certificates and answer health checks, and run no pods`,
        ]),
    ...(by('debian').length === 0 ? [] : [`Debian’s programs, under the names that nodes fetch: ${debian}`]),
  ];
}
