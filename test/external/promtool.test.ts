/**
 * Prometheus' own promtool reads what is generated for it: the configuration, the alerts, and who may come. Debian builds it
 * without the discovery by Kubernetes' API, so that those sections are taken out for it, and held against their own few keys.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { prometheus } from '../../generator/components/prometheus/prometheus.ts';
import { clusterOf } from '../support/cluster.ts';

const blueprint = (runs: string, network: string, address: string): string => `
apiVersion: triskel/v1
name: watched
controlPlane: { runs: ${runs} }
endpoint: { type: external, internal: api.example.org:6443 }
network: { nodes: ${network} }
components: { prometheus: { nodeExporter: true } }
nodes: [{ name: cp0, roles: [control-plane], address: ${address} }]
`;

interface Config {
  readonly scrape_configs?: Readonly<Record<string, unknown>>[];
}

function withoutDiscovery(text: string): string {
  const config = parse(text) as Config;
  if (config.scrape_configs === undefined) return text;
  const jobs = config.scrape_configs.map(({ kubernetes_sd_configs: _, ...job }) => job);
  return stringify({ ...config, scrape_configs: jobs });
}

describe.each([
  ['static-pods', '192.0.2.0/24', '192.0.2.10'],
  ['k3s', '192.0.2.0/24', '192.0.2.10'],
  ['k3s', "'2001:db8::/64'", "'2001:db8::10'"],
])('promtool on %s in %s', (runs, network, address) => {
  let root: string;
  let files: Readonly<Record<string, string>>;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'triskel-promtool-'));
    const addon = prometheus.addon?.(clusterOf(blueprint(runs, network, address)));
    const config = addon?.objects.find(({ kind }) => kind === 'ConfigMap');
    files = config?.['data'] as Record<string, string>;
    execFileSync('openssl', [
      ...'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x'.split(' '),
      ...['-keyout', join(root, 'tls.key'), '-out', join(root, 'tls.crt')],
    ]);
    // In the pod these lie at paths of its own.
    const here = (text: string): string =>
      text
        .replaceAll('/etc/prometheus/config', root)
        .replaceAll('/etc/prometheus/certificates/ca.crt', join(root, 'tls.crt'))
        .replaceAll('/etc/prometheus/certificates', root)
        .replaceAll('/var/run/secrets/kubernetes.io/serviceaccount', join(root, 'account'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), withoutDiscovery(here(text)));
    mkdirSync(join(root, 'account'));
    writeFileSync(join(root, 'account/token'), 'token');
    execFileSync('cp', [join(root, 'tls.crt'), join(root, 'account/ca.crt')]);
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  const promtool = (...args: string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}` };
  };

  it('takes the configuration and its rules', () => {
    const { status, said } = promtool('check', 'config', join(root, 'prometheus.yml'));
    expect(said).toContain('is valid prometheus config file syntax');
    expect(status).toBe(0);
  });

  it('takes the file that says who may come', () => {
    const { status, said } = promtool('check', 'web-config', join(root, 'web.yml'));
    expect(said).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  it('finds what it watches by roles that Prometheus has', () => {
    const { scrape_configs: jobs = [] } = parse(files['prometheus.yml'] ?? '') as Config;
    const found = jobs.flatMap((job) => (job['kubernetes_sd_configs'] ?? []) as Record<string, unknown>[]);
    expect(found.length).toBeGreaterThan(3);
    for (const { role, namespaces, ...rest } of found) {
      expect(['node', 'pod', 'endpointslice']).toContain(role);
      if (namespaces !== undefined) expect(Object.keys(namespaces as object)).toEqual(['names']);
      expect(rest).toEqual({});
    }
  });

  it('refuses an unknown key, and a rule that is none', () => {
    const broken = withoutDiscovery(files['prometheus.yml'] ?? '').replace('scrape_interval', 'scrape_intervall');
    writeFileSync(join(root, 'broken.yml'), broken);
    expect(promtool('check', 'config', join(root, 'broken.yml')).status).not.toBe(0);
    writeFileSync(join(root, 'rules-broken.yml'), (files['rules.yml'] ?? '').replace('up == 0', 'up == '));
    expect(promtool('check', 'rules', join(root, 'rules-broken.yml')).status).not.toBe(0);
  });
});
