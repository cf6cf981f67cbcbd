import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Subject } from '../../verify/subject.ts';
import { writeWholeFile } from '../whole-file.ts';
import type { Lab } from './lab.ts';

/** What a lab is of, for commands that come later. */
export interface LabFile {
  /** As it was named. */
  readonly blueprint: string;
  readonly cluster: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly roles: readonly string[];
    readonly addresses: readonly string[];
  }[];
  readonly virtualIps: readonly string[];
  /** What is not as in the blueprint, one sentence each. */
  readonly notes: readonly string[];
}

const FILE = 'cluster.json';
const SUBJECT = 'subject.json';

/** Keeps what a lab is of in its folder. */
export function writeLabFile(
  { folder }: Lab,
  {
    blueprint,
    cluster,
    notes,
  }: { readonly blueprint: string; readonly cluster: Cluster; readonly notes: readonly string[] },
): void {
  const nodes = cluster.nodes.map(({ name, roles, addresses }) => ({
    name,
    roles,
    addresses: addresses.map(({ text }) => text),
  }));
  const virtualIps = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  const file: LabFile = { blueprint, cluster: cluster.name, nodes, virtualIps, notes };
  writeWholeFile(join(folder, FILE), JSON.stringify(file));
}

/** What a lab is of; undefined: it is still being made. */
export function readLabFile(lab: Lab): LabFile | undefined {
  return read(lab, FILE) as LabFile | undefined;
}

/** Keeps what a lab's cluster is asked, with the keys of its operator. */
export function writeSubject({ folder }: Lab, subject: Subject): void {
  writeWholeFile(join(folder, SUBJECT), JSON.stringify(subject), 0o600);
}

/** What a lab's cluster is asked; undefined: it is still being made. */
export function readSubject(lab: Lab): Subject | undefined {
  return read(lab, SUBJECT) as Subject | undefined;
}

function read({ folder }: Lab, file: string): unknown {
  const path = join(folder, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
