/** The script that brings renewed certificates onto running nodes, run for real among played programs. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, type Compilation } from '../../generator/compile.ts';
import { bundleArchive, renewalBundle, type Bundle } from '../../generator/components/certificate-renewal/bundle.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { ensureSecrets } from '../../generator/secrets/ensure.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { selectLeaves, type Selection } from '../../generator/secrets/renew.ts';
import { rotate } from '../../generator/secrets/rotation.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { renewalNode } from '../support/renewal-node.ts';
import { BLUEPRINT, issuingAt, must, storeOf } from '../support/secrets.ts';

const NOW = new Date();
const PKI = '/etc/kubernetes/pki';
const PENDING = '/etc/triskel/renewal-restarts';
const READY = 'ready https://127.0.0.1:6443/readyz';

let compilation: Compilation;
let store: Store;
beforeAll(async () => {
  compilation = await compiled(BLUEPRINT);
  store = await storeOf(specOf(compilation), NOW);
});

async function compiled(text: string): Promise<Compilation> {
  return compile('demo.yaml', blueprintFiles(new Map([['demo.yaml', text]])), noProgress);
}

function specOf({ secrets }: Compilation): NonNullable<Compilation['secrets']> {
  if (secrets === undefined) throw new Error('the blueprint has errors');
  return secrets;
}

function planOf(name: string, { nodes }: Compilation = compilation): NodePlan {
  const found = nodes.find(({ node }) => node.name === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found.plan;
}

/** The store with these leaves issued anew. */
async function renewed(selection: Selection, before = store): Promise<Store> {
  const spec = specOf(compilation);
  const leaves = must(selectLeaves(spec, before, selection, NOW));
  return must(await ensureSecrets(spec, before, issuingAt(NOW), leaves)).store;
}

function bundleOf(name: string, from: Store, of = compilation): Bundle {
  const { cluster } = of;
  if (cluster === undefined) throw new Error('the blueprint has errors');
  const bundle = renewalBundle(cluster, planOf(name, of), undefined, fillFrom(from));
  expect(bundle.open).toEqual([]);
  return bundle;
}

const archiveOf = async (name: string, from: Store): Promise<Uint8Array> => bundleArchive(bundleOf(name, from));

/** The paths whose file is not what it was, with what is there now. */
function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Map<string, string> {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return new Map(
    paths.filter((path) => before.get(path) !== after.get(path)).map((path) => [path, after.get(path) ?? 'gone']),
  );
}

const replacements = (events: readonly string[]): string[] =>
  events.flatMap((event) => (event.startsWith(`replace ${PKI}`) ? event.slice('replace '.length) : []));
const restarts = (events: readonly string[]): string[] => events.filter((event) => !event.startsWith('replace'));

const WHOLE_CONTROL_PLANE = [
  'stop etcd',
  'stop kube-apiserver',
  READY,
  'stop kube-controller-manager',
  'stop kube-scheduler',
  'stop kube-proxy',
  'restart kubelet.service',
];

describe('a control-plane node', () => {
  test('takes all its leaves, and what reads them starts in order', async () => {
    const node = renewalNode(planOf('master0'), store);
    const before = node.files();
    const { code, output } = node.apply(await archiveOf('master0', await renewed({ by: 'node', node: 'master0' })));
    expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([0, 'done']);
    const events = node.events();
    expect(restarts(events)).toEqual(WHOLE_CONTROL_PLANE);
    expect(node.stale()).toEqual([]);
    const changed = changes(before, node.files());
    expect([...changed.keys()]).toEqual(replacements(events));
    expect([...changed.keys()]).toContain(`${PKI}/etcd/peer.key`);
    expect([...changed.keys()].filter((path) => !/\.(crt|key)$/.test(path) || /ca\.crt$|sa\.key$/.test(path))).toEqual(
      [],
    );
    const me = String(process.getuid?.());
    for (const [path, file] of changed) {
      const kept = path.endsWith('.crt') ? `${me === '0' ? '1234' : me} 650` : `${me} 600`;
      expect([path, file.split(' -----')[0]]).toEqual([path, kept]);
    }
  });

  test('a second run does nothing', async () => {
    const node = renewalNode(planOf('master0'), store);
    const bundle = await archiveOf('master0', await renewed({ by: 'all' }));
    expect(node.apply(bundle).code).toBe(0);
    const after = node.files();
    node.events();
    expect(node.apply(bundle)).toEqual({ code: 0, output: 'nothing to do\n' });
    expect(node.files()).toEqual(after);
    expect(node.events().filter((event) => !event.startsWith(`replace ${PENDING}`))).toEqual([]);
  });

  test('one leaf touches its two files and its one reader', async () => {
    const node = renewalNode(planOf('master1'), store);
    const before = node.files();
    const { code } = node.apply(await archiveOf('master1', await renewed({ by: 'id', ids: ['scheduler.master1'] })));
    expect(code).toBe(0);
    expect([...changes(before, node.files()).keys()]).toEqual([`${PKI}/scheduler.crt`, `${PKI}/scheduler.key`]);
    expect(restarts(node.events())).toEqual(['stop kube-scheduler']);
  });

  test('where only etcd restarts, the API server says whether it is back', async () => {
    const node = renewalNode(planOf('master0'), store);
    const bundle = await archiveOf('master0', await renewed({ by: 'id', ids: ['etcd-server.master0'] }));
    expect(node.apply(bundle).code).toBe(0);
    expect(restarts(node.events())).toEqual(['stop etcd', READY]);
  });

  test('a file that is not there yet gets the bundle’s mode', async () => {
    const node = renewalNode(planOf('master0'), store);
    const bundle = bundleOf('master0', store);
    const path = '/etc/kubernetes/pki/new/leaf.crt';
    const withNew = bundle.files.map((file) =>
      file.name === 'files' ? { ...file, content: `${file.content}0640 ${path}\n` } : file,
    );
    const archive = await bundleArchive({
      open: [],
      files: [...withNew, { name: `content${path}`, mode: 0o600, content: 'new\n' }],
    });
    expect(node.apply(archive).code).toBe(0);
    expect(node.files().get(path)).toBe(`${String(process.getuid?.())} 640 new\n`);
  });
});

describe('a worker', () => {
  test('takes its leaves from standard input, and asks no API server', async () => {
    const node = renewalNode(planOf('worker0'), store);
    const before = node.files();
    const bundle = await archiveOf('worker0', await renewed({ by: 'node', node: 'worker0' }));
    expect(node.apply(bundle, 'input').code).toBe(0);
    const events = node.events();
    expect(restarts(events)).toEqual(['stop kube-proxy', 'restart kubelet.service']);
    const leaves = ['kube-proxy', 'kubelet-server', 'kubelet'].flatMap((name) => [`${name}.crt`, `${name}.key`]);
    expect([...changes(before, node.files()).keys()]).toEqual(leaves.map((leaf) => `${PKI}/${leaf}`).sort());
    expect(node.stale()).toEqual([]);
  });
});

describe('a change of the cluster CA', () => {
  test.each(['master0', 'worker0'])('its first step touches nothing but trust on %s', async (name) => {
    const spec = specOf(compilation);
    const introduced = must(await rotate(spec, store, 'cluster-ca', 'introduce', issuingAt(NOW)));
    const after = must(await ensureSecrets(spec, introduced, issuingAt(NOW))).store;
    const node = renewalNode(planOf(name), store);
    const before = node.files();
    expect(node.apply(await archiveOf(name, after)).code).toBe(0);
    const changed = changes(before, node.files());
    expect([...changed.keys()]).toEqual([`${PKI}/ca.crt`]);
    expect(changed.get(`${PKI}/ca.crt`)?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(node.stale()).toEqual(name === 'worker0' ? [] : ['etcd']);
  });
});

describe('refused, and nothing changed', () => {
  const cases: Record<string, [() => Uint8Array | Promise<Uint8Array>, RegExp]> = {
    'the bundle of another node': [() => archiveOf('master1', store), /for the node master1 of the cluster demo, and/],
    'the bundle of another cluster': [
      async () => {
        const other = await compiled(BLUEPRINT.replace('name: demo', 'name: other'));
        return bundleArchive(bundleOf('master0', await renewed({ by: 'all' }), other));
      },
      /for the node master0 of the cluster other, and/,
    ],
    'an archive that is cut off': [
      async () => (await archiveOf('master0', await renewed({ by: 'all' }))).slice(0, -2000),
      /the bundle is damaged/,
    ],
    'an archive with a wrong byte': [
      async () => {
        const bytes = Uint8Array.from(await archiveOf('master0', await renewed({ by: 'all' })));
        return bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte));
      },
      /the bundle is damaged/,
    ],
    'an archive whose end is missing, compressed anew': [
      async () => gzipSync(gunzipSync(await archiveOf('master0', await renewed({ by: 'all' }))).subarray(0, 20 * 512)),
      /the bundle is damaged/,
    ],
    'no archive': [() => Buffer.from('no archive'), /the bundle is damaged/],
    'an empty file': [() => new Uint8Array(), /the bundle is damaged/],
    'a wrong checksum': [
      async () => {
        const { open, files } = bundleOf('master0', await renewed({ by: 'all' }));
        const wrong = files.map((file) => (file.name.endsWith('/apiserver.crt') ? { ...file, content: 'x\n' } : file));
        return bundleArchive({ open, files: wrong });
      },
      /the bundle is damaged/,
    ],
    'a bundle of a later format': [
      async () => {
        const { open, files } = bundleOf('master0', await renewed({ by: 'all' }));
        const later = files.map((f) => (f.name === 'about' ? { ...f, content: f.content.replace('t 1', 't 2') } : f));
        return bundleArchive({ open, files: later });
      },
      /made for another version of this script/,
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [made, message]) => {
    const node = renewalNode(planOf('master0'), store);
    const before = node.files();
    const { code, output } = node.apply(await made());
    expect(output).toMatch(message);
    expect(code).toBe(1);
    expect(output).not.toContain('PRIVATE KEY');
    expect(node.events()).toEqual([]);
    expect(changes(before, node.files())).toEqual(new Map());
  });
});

describe('cut off, and run again', () => {
  const points = [
    `replace ${PENDING}`,
    `replace ${PKI}/addons.crt`,
    `replace ${PKI}/scheduler.key`,
    'stop etcd',
    'stop kube-apiserver',
    'stop kube-scheduler',
    'restart kubelet.service',
  ];

  test.each([...points.map((point) => [point, 'KILL'] as const), [`replace ${PKI}/addons.crt`, 'TERM'] as const])(
    'at "%s" by SIG%s',
    async (point, signal) => {
      const node = renewalNode(planOf('master0'), store);
      const bundle = await archiveOf('master0', await renewed({ by: 'node', node: 'master0' }));
      node.killAt(point, signal);
      expect(node.apply(bundle).code).not.toBe(0);
      const first = node.events();
      expect(first.at(-1)).toBe(point);
      expect([...node.files().keys()].some((path) => path.includes('renewal-staging'))).toBe(signal === 'KILL');
      const { code, output } = node.apply(bundle);
      expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([0, 'done']);
      expect(node.stale()).toEqual([]);
      expect([...node.files().keys()].filter((path) => /new$|renewal/.test(path))).toEqual([]);
      const second = restarts(node.events());
      const rest = WHOLE_CONTROL_PLANE.slice(Math.max(WHOLE_CONTROL_PLANE.indexOf(point), 0));
      expect(second).toEqual(rest);
      expect(node.apply(bundle).output).toBe('nothing to do\n');
    },
  );

  test('what a bundle has begun is finished by another, in order', async () => {
    const node = renewalNode(planOf('master0'), store);
    node.killAt(`replace ${PKI}/etcd/server.key`, 'KILL');
    const first = await renewed({ by: 'id', ids: ['etcd-server.master0'] });
    node.apply(await archiveOf('master0', first));
    node.events();
    const next = await renewed({ by: 'id', ids: ['scheduler.master0'] }, first);
    expect(node.apply(await archiveOf('master0', next)).code).toBe(0);
    expect(restarts(node.events())).toEqual(['stop etcd', READY, 'stop kube-scheduler']);
  });

  test('and also what that one knows nothing of', async () => {
    const node = renewalNode(planOf('master0'), store);
    const { open, files } = bundleOf('master0', await renewed({ by: 'id', ids: ['scheduler.master0'] }));
    node.killAt(`replace ${PKI}/scheduler.key`, 'KILL');
    node.apply(await bundleArchive({ open, files }));
    node.events();
    const unaware = files.map((file) =>
      file.name === 'restarts'
        ? { ...file, content: file.content.replace(/^static-pod kube-scheduler.*\n/m, '') }
        : file,
    );
    expect(node.apply(await bundleArchive({ open, files: unaware })).code).toBe(0);
    expect(restarts(node.events())).toEqual(['stop kube-scheduler']);
  });
});

describe('a container', () => {
  test('that does not come back is said after two minutes, and awaited again by the next run', async () => {
    const node = renewalNode(planOf('master0'), store);
    const bundle = await archiveOf('master0', await renewed({ by: 'node', node: 'master0' }));
    node.lose('etcd', 'once stopped');
    const { code, output } = node.apply(bundle);
    expect(code).toBe(1);
    expect(output).toContain('apply-renewal: etcd has not come back within 120 s; see why, then run this again');
    expect(node.slept()).toBe(120);
    expect(restarts(node.events())).toEqual(['stop etcd']);
    node.find('etcd');
    expect(node.apply(bundle).code).toBe(0);
    expect(restarts(node.events())).toEqual(WHOLE_CONTROL_PLANE);
    expect(node.stale()).toEqual([]);
  });

  test('that does not come back stops what would come after it', async () => {
    const node = renewalNode(planOf('master0'), store);
    node.lose('kube-apiserver', 'once stopped');
    const { code } = node.apply(await archiveOf('master0', await renewed({ by: 'node', node: 'master0' })));
    expect(code).toBe(1);
    expect(restarts(node.events())).toEqual(['stop etcd', 'stop kube-apiserver']);
  });

  test('that does not run is left to start by itself', async () => {
    const node = renewalNode(planOf('worker0'), store);
    node.lose('kube-proxy', 'now');
    const { code, output } = node.apply(await archiveOf('worker0', await renewed({ by: 'node', node: 'worker0' })));
    expect(output).toContain('kube-proxy is not running; it will start with the new files');
    expect(code).toBe(0);
    expect(restarts(node.events())).toEqual(['restart kubelet.service']);
  });
});

test('without a bundle it says how it is called', () => {
  const node = renewalNode(planOf('worker0'), store);
  expect(node.run()).toEqual({ code: 2, output: 'usage: apply-renewal <bundle>|-\n' });
});

describe('a control plane of units', () => {
  let units: Compilation;
  beforeAll(async () => {
    units = await compiled(BLUEPRINT.replace('name: demo\n', 'name: demo\ncontrolPlane: { runs: systemd }\n'));
    // Its secrets are those of static pods: the form has none of its own.
    expect(specOf(units)).toEqual(specOf(compilation));
  });

  test('takes all its leaves, and its units start anew in order', async () => {
    const plan = planOf('master0', units);
    const node = renewalNode(plan, store);
    const bundle = bundleOf('master0', await renewed({ by: 'node', node: 'master0' }), units);
    const { code, output } = node.apply(await bundleArchive(bundle));
    expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([0, 'done']);
    expect(restarts(node.events())).toEqual([
      'restart etcd.service',
      'restart kube-apiserver.service',
      READY,
      'restart kube-controller-manager.service',
      'restart kube-scheduler.service',
      'stop kube-proxy',
      'restart kubelet.service',
    ]);
    expect(node.stale()).toEqual([]);
  });

  test('where only etcd restarts, the API server says whether it is back', async () => {
    const node = renewalNode(planOf('master0', units), store);
    const bundle = bundleOf('master0', await renewed({ by: 'id', ids: ['etcd-server.master0'] }), units);
    expect(node.apply(await bundleArchive(bundle)).code).toBe(0);
    expect(restarts(node.events())).toEqual(['restart etcd.service', READY]);
  });
});
