import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';

const FILE = 'blueprints/kubeadm-ha.yaml';
const WHOLE = readFileSync(FILE, 'utf8');
const MANIFEST = 'test/output/manifests/job.yaml';

async function outside(text: string): Promise<string[]> {
  const { diagnostics, nodes } = await compile(FILE, blueprintFiles(new Map([[FILE, text]])), noProgress);
  const found = diagnostics.filter(({ code }) => code === 'plan/outside-source').map(({ message }) => message);
  expect(nodes.length > 0).toBe(found.length === 0);
  return found;
}

describe('a cluster that is cut off', () => {
  test('has every program, package, image and time server from within: each URL of each node is the mirror’s', async () => {
    expect(await outside(WHOLE)).toEqual([]);
    const { plans, nodes } = await compile(FILE, blueprintFiles(), noProgress);
    const mirrors = ['registry.k8s.io', 'quay.io'];
    const images = plans.flatMap((plan) => plan.images.map(({ reference }) => reference.split('/')[0]));
    expect(images.length).toBeGreaterThan(30);
    expect(images.filter((registry) => !mirrors.includes(registry ?? ''))).toEqual([]);
    const fetched = nodes.flatMap(({ plan }) =>
      plan.files
        .filter(({ path }) => /^\/etc\/(triskel\/(downloads|apt|yum)|yum|dnf|apt|containerd\/certs\.d|chrony)/.test(path))
        .flatMap(({ content }) => [...content.matchAll(/(?:https?:\/\/|^(?:server|pool) )([a-z0-9.-]+)/gm)].map((m) => m[1])),
    );
    expect(fetched.length).toBeGreaterThan(60);
    expect([...new Set(fetched)]).toEqual(['10.211.55.2']);
  });

  test.each([
    ['binaries', /^binaries:\n(?: {2}.*\n)+/m, /^nodes fetch files from dl\.k8s\.io, github\.com, raw\.githubusercontent\.com$/],
    ['packages', /^packages: .*\n/m, /^nodes install packages from the servers of Rocky Linux$/],
    ['one registry', /^ {4}- .* quay\.io,.*\n/m, /^nodes pull quay\.io\/calico\/.* and 2 more from quay\.io$/],
    ['a mirror that is not the only one', /onlyMirrors: true/, /from registry\.k8s\.io$/],
    ['time', /^time: .*\n/m, /^nodes ask the time servers of their images$/],
  ])('without %s is refused', async (_title, what, message) => {
    const text = WHOLE.replace(what, what.source.startsWith('onlyMirrors') ? 'onlyMirrors: false' : '');
    expect(text).not.toBe(WHOLE);
    const found = await outside(text.includes('&ca') ? text : text.replace(/ca: \*ca/g, ''));
    expect(found.some((each) => message.test(each)), found.join('\n')).toBe(true);
  });

  test('knows the images of the blueprint’s own manifests, and a proxy', async () => {
    const more = `addons: { manifests: [../${MANIFEST}] }\nproxy: { http: 'http://10.211.55.2:3128' }\n`;
    expect(await outside(`${WHOLE}${more}`)).toEqual([
      'nodes pull docker.io/library/busybox:1.37 from docker.io',
      'nodes reach outside by a proxy',
    ]);
  });

  test('and nothing is said of one that is not cut off', async () => {
    expect(await outside(WHOLE.replace('airGapped: true', 'airGapped: false').replace(/^packages: .*\n/m, ''))).toEqual([]);
  });
});
