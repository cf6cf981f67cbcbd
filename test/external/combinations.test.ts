/**
 * Everything that docs/combinations.md says is generated, before the real programs that read it: payloads, units, scripts and the
 * configurations of what is installed. Files that are the same are tried once, whichever combinations have them.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sha256 } from '../../generator/base/digests.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { combinations, outcomeOf } from '../support/combinations.ts';
import { ignitionComplaints } from '../support/ignition.ts';
import { schemaComplaints } from '../support/payload-complaints.ts';
import { run, type Run } from '../support/programs.ts';
import { verifyUnits, writeUnitRoot } from '../support/unit-root.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Something to try, and the combination and path where it was met first. */
interface Specimen {
  readonly where: string;
  readonly content: string;
}

let folder: string;
const payloads = { ignition: new Map<string, Specimen>(), 'cloud-init': new Map<string, Specimen>() };
const files = new Map<string, Specimen>();
const unitSets = new Map<string, { readonly where: string; readonly plan: NodePlan }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-combinations-'));
  cpSync('test/data/ca.pem', join(folder, 'ca.crt'));
  writeFileSync(join(folder, 'authkey'), 'a key of the length that corosync asks for '.repeat(6));
  for (const combination of combinations) {
    const outcome = await outcomeOf(combination);
    if (!('ready' in outcome)) continue;
    for (const { node, plan, renderer, reviewed } of outcome.ready.nodes) {
      const where = `${combination.runs}, ${combination.endpoint}, ${combination.os}, ${combination.arch}: ${node.name}`;
      // One node of each role says what the others of it say.
      if (!['cpa', 'lb0', 'worker0'].includes(node.name)) continue;
      keep(payloads[renderer.format], reviewed, where);
      for (const { path, content } of plan.files) keep(files, content, `${where}: ${path}`);
      const units = JSON.stringify([plan.units, plan.dropIns]);
      if (!unitSets.has(sha256(units))) unitSets.set(sha256(units), { where, plan });
    }
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function keep(into: Map<string, Specimen>, content: string, where: string): void {
  const key = sha256(content);
  if (!into.has(key)) into.set(key, { where, content });
}

/** The distinct files of that name, or that begin so. */
function distinct(fits: (path: string, content: string) => boolean): Specimen[] {
  return [...files.values()].filter(({ where, content }) => fits(where.split(': ').slice(-1).join(''), content));
}

const named = (name: string): Specimen[] => distinct((path) => basename(path) === name);

/** Every complaint about any of them; there must be something to complain about. */
function complaints(specimens: readonly Specimen[], check: (content: string) => string): string[] {
  expect(specimens.length).toBeGreaterThan(0);
  return specimens.flatMap(({ where, content }) => {
    const complaint = check(content);
    return complaint === '' ? [] : [`${where}: ${complaint}`];
  });
}

const said = ({ code, output }: { code: number; output: string }): string =>
  code === 0 ? '' : `exit ${String(code)}: ${output}`;

/** In a network of its own, with the node's address on an interface. */
const inNetwork = (address: string, program: string): string =>
  said(
    run('unshare', [
      '--net',
      'sh',
      '-c',
      `ip link add eth0 type veth peer name eth1 && ip addr add ${address}/24 dev eth0 && ip link set eth0 up && exec ${program}`,
    ]),
  );

describe('every combination', () => {
  test('has payloads that ignition-validate takes', () => {
    const path = join(folder, 'config.ign');
    expect(complaints([...payloads.ignition.values()], (content) => ignitionComplaints(content, path))).toEqual([]);
  });

  test('has payloads that cloud-init takes', () => {
    const all = [...payloads['cloud-init'].values()].map(({ content }) => content);
    expect(all.length).toBeGreaterThan(0);
    const asked = (texts: readonly string[]): Run => schemaComplaints(texts, mkdtempSync(join(folder, 'schema-')));
    expect(asked(all)).toEqual({ code: 0, output: '' });
    expect(asked([all[0]?.replace(/\npackages:\n/, '\npackages: 5\nx:\n') ?? '']).output).toContain('0.yaml');
  });

  test('has units that systemd takes', () => {
    const found = [...unitSets.values()].flatMap(({ where, plan }, index) => {
      const root = join(folder, `units-${String(index)}`);
      writeUnitRoot(plan, root);
      const complaint = verifyUnits(plan, root);
      rmSync(root, { recursive: true });
      return complaint === '' ? [] : [`${where}: ${complaint}`];
    });
    expect(found).toEqual([]);
  });

  test('has scripts that shellcheck takes', () => {
    const scripts = distinct((_path, content) => content.startsWith('#!/bin/sh'));
    // What the sources' comments allow, which do not travel with the scripts; a loop over the one node that there is; parts that are sourced.
    const check = (input: string): string =>
      run('shellcheck', ['--shell=sh', '--exclude=SC1090,SC1091,SC2043,SC2046,SC2086,SC2154', '-'], { input }).output;
    expect(complaints(scripts, check)).toEqual([]);
  });

  test('has configurations that haproxy takes', () => {
    const path = join(folder, 'haproxy.cfg');
    const check = (content: string): string => {
      writeFileSync(path, content.replaceAll('/etc/haproxy/ca.crt', join(folder, 'ca.crt')));
      return said(run('haproxy', ['-c', '-f', path]));
    };
    expect(complaints(named('haproxy.cfg'), check)).toEqual([]);
    expect(check('frontend x\n  bind :1\n  no-such-word\n')).not.toBe('');
  });

  test('has configurations that keepalived takes', () => {
    const path = join(folder, 'keepalived.conf');
    const check = (content: string): string => {
      const filled = content.replaceAll(/\$\{triskel:[^}]*\}/g, 'Aa1+/xyz').replaceAll('@INTERFACE@', 'eth0');
      writeFileSync(path, filled.replaceAll('script_user nobody', 'script_user root'), { mode: 0o600 });
      const address = /unicast_src_ip (\S+)/.exec(filled)?.[1] ?? '10.0.0.10';
      return inNetwork(address, `keepalived --config-test --use-file=${path}`);
    };
    expect(complaints(named('keepalived.conf'), check)).toEqual([]);
    expect(check('vrrp_instance x {\n  no_such_word\n}\n')).not.toBe('');
  });

  test('has configurations that corosync takes', () => {
    const path = join(folder, 'corosync.conf');
    const check = (content: string): string => {
      writeFileSync(path, content.replace('/etc/corosync/authkey', join(folder, 'authkey')));
      const address = /ring0_addr: (\S+)/.exec(content)?.[1] ?? '';
      return inNetwork(address, `corosync -t -c ${path}`);
    };
    expect(complaints(named('corosync.conf'), check)).toEqual([]);
    expect(check('totem {\n  version: 3\n}\n')).not.toBe('');
  });

  test('has resources that Pacemaker takes', () => {
    const env = { CIB_file: join(folder, 'cib.xml') };
    const path = join(folder, 'pacemaker.xml');
    const check = (content: string): string => {
      writeFileSync(env.CIB_file, run('cibadmin', ['--empty']).output);
      writeFileSync(path, content);
      const written = said(run('cibadmin', ['--modify', '--allow-create', '--xml-file', path], { env }));
      return written === '' ? said(run('crm_verify', ['--live-check', '--verbose'], { env })) : written;
    };
    expect(complaints(named('pacemaker.xml'), check)).toEqual([]);
  });

  test('has configurations that chrony takes', () => {
    const path = join(folder, 'chrony.conf');
    const check = (content: string): string => {
      writeFileSync(path, content);
      return said(run('chronyd', ['-p', '-f', path]));
    };
    const found = distinct((file) => file.endsWith('/chrony.conf'));
    if (found.length > 0) expect(complaints(found, check)).toEqual([]);
  });
});
