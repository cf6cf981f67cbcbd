/**
 * containerd's own reader takes the generated configuration. TRISKEL_CONTAINERD names a containerd 2.x; CI unpacks Debian's
 * newest. It is older than the release that nodes fetch, and reads the same version 3 of the configuration.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { containerd } from '../../generator/components/containerd/containerd.ts';
import { clusterOf } from '../support/cluster.ts';
import { run, type Run } from '../support/programs.ts';

const CONTAINERD = process.env['TRISKEL_CONTAINERD'] ?? '';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: mirrored
network: { nodes: 192.0.2.0/24 }
nodes: [{ name: solo, roles: [control-plane, worker], address: 192.0.2.10 }]
registries:
  mirrors:
    - { registry: registry.k8s.io, endpoints: ['https://mirror.example.org/k8s', 'https://second.example.org'] }
    - { registry: 'local.example.org:5000', endpoints: ['https://mirror.example.org'], onlyMirrors: true }
`);

function generated(path: string): string {
  const items = containerd.plan?.(cluster, cluster.nodes[0] as ClusterNode) ?? [];
  const file = items.find((item) => item.kind === 'file' && item.path === path);
  return file?.kind === 'file' ? file.content : '';
}

describe.skipIf(CONTAINERD === '')('containerd reads its generated configuration (TRISKEL_CONTAINERD)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'triskel-containerd-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Keys that the reader does not know are warnings of its own; here they are errors. */
  const dump = (config: string): Run & { unknown: boolean } => {
    const file = join(folder, 'config.toml');
    writeFileSync(file, config);
    const result = run(CONTAINERD, ['--config', file, 'config', 'dump']);
    return { ...result, unknown: /unknown key/i.test(result.output) };
  };

  it('takes every key of it', () => {
    const result = dump(generated('/etc/containerd/config.toml'));
    expect(result).toMatchObject({ code: 0, unknown: false });
    expect(result.output).toContain(`sandbox = 'registry.k8s.io/pause:${cluster.versions.pause}'`);
    expect(result.output).toContain("BinaryName = '/opt/bin/runc'");
    expect(result.output).toContain('SystemdCgroup = true');
    expect(result.output).toContain("config_path = '/etc/containerd/certs.d'");
  });

  it('refuses a key that it does not know, and a version that it cannot read', () => {
    const config = generated('/etc/containerd/config.toml');
    expect(
      dump(config.replace('SystemdCgroup', 'SystemdCgroups')).unknown ||
        dump(config.replace('config_path', 'config_paths')).unknown,
    ).toBe(true);
    expect(dump(config.replace('version = 3', 'version = 99')).code).not.toBe(0);
  });
});

describe('hosts.toml', () => {
  it('asks the mirrors first, and the registry itself last', () => {
    const text = generated('/etc/containerd/certs.d/registry.k8s.io/hosts.toml');
    expect(text).toContain("server = 'https://registry.k8s.io'");
    expect(text.indexOf('mirror.example.org')).toBeLessThan(text.indexOf('second.example.org'));
  });

  it('never asks the registry where only mirrors are allowed', () => {
    const text = generated('/etc/containerd/certs.d/local.example.org:5000/hosts.toml');
    expect(text).toContain("server = 'https://mirror.example.org'");
    expect(text).not.toContain('local.example.org');
  });
});
