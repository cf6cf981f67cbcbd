/**
 * run-kubeadm for real, on the files that nodes get, filled from a real store; kubeadm is a strict stand-in (kubeadm/kubeadm.ts),
 * for no distribution packages it. Its documents are held against the types of upstream in test/components/kubeadm.test.ts.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compile, type Compilation } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { fillHoles } from '../../generator/secrets/holes.ts';
import { documentsIn } from '../support/kubeadm/schema.ts';
import { REPORT } from '../support/programs.ts';
import { storeOf } from '../support/secrets.ts';

let built: string;
let program: string;
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'triskel-kubeadm-'));
  program = join(built, 'kubeadm.cjs');
  const entryPoints = ['test/external/kubeadm/kubeadm.ts'];
  buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
});
afterAll(() => {
  rmSync(built, { recursive: true });
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-kubeadm-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const at = (path: string): string => join(root, path);
const read = (path: string): string => readFileSync(at(path), 'utf8');
const state = (name: string, content: string): void => {
  writeFileSync(at(`state/${name}`), content);
};

class Made {
  readonly compilation: Compilation;
  readonly fill: ReturnType<typeof fillFrom>;

  constructor(compilation: Compilation, fill: ReturnType<typeof fillFrom>) {
    this.compilation = compilation;
    this.fill = fill;
  }

  static async of(blueprint: string): Promise<Made> {
    const compilation = await compile(blueprint, blueprintFiles(), noProgress);
    if (compilation.secrets === undefined) throw new Error('the blueprint has errors');
    const store = await storeOf(compilation.secrets, new Date());
    return new Made(compilation, fillFrom(store, compilation.secrets.caKeys));
  }

  plan(name: string): NodePlan {
    const found = this.compilation.nodes.find(({ node }) => node.name === name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found.plan;
  }

  /** The node's disk at its first boot. */
  install(name: string): void {
    const { files, links, directories } = this.plan(name);
    for (const { path } of directories) mkdirSync(at(path), { recursive: true });
    for (const { path, content, mode } of files) {
      mkdirSync(dirname(at(path)), { recursive: true });
      const filled = fillHoles(content, this.fill, ({ name: hole }) => {
        throw new Error(`nothing fills ${hole}`);
      });
      writeFileSync(at(path), filled, { mode });
    }
    for (const { path, target } of links) {
      mkdirSync(dirname(at(path)), { recursive: true });
      symlinkSync(target, at(path));
    }
    for (const folder of ['bin', 'state']) mkdirSync(at(folder));
    const script = (file: string, text: string): void => {
      writeFileSync(at(`bin/${file}`), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    };
    script('kubeadm', `cd ${process.cwd()} && exec node ${program} "$@"`);
    script('systemctl', `echo "$*" >>"${at('state/systemctl')}"; rm -f "${at('state/kubelet-runs')}"`);
    cpSync('test/external/kubeadm/kubectl.sh', at('bin/kubectl'));
    const map = documentsIn(this.addons())
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && (metadata as { name: string }).name === 'kubelet-config')
      .map(({ data }) => (data as { kubelet: string }).kubelet);
    state('kubelet-config.yaml', map[0] ?? '');
  }

  private addons(): string {
    return this.plan('cp0').files.find(({ path }) => path.endsWith('/15-kubeadm.yaml'))?.content ?? '';
  }

  /** Runs the script until it ends, or has said `until`. */
  async run(action: string, until?: string): Promise<{ code: number | null; said: string[] }> {
    const child = spawn(at('opt/triskel/run-kubeadm'), [action], {
      env: {
        ...REPORT,
        PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`,
        TRISKEL_ROOT: root,
        TRISKEL_PAUSE: '0.2',
        ...(this.compilation.secrets?.caKeys === undefined ? {} : { TOKEN: 'yes' }),
      },
    });
    let output = '';
    // What goes on failing would go on for ever.
    const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const code = await new Promise<number | null>((done) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data: Buffer) => {
          output += data.toString();
          if (until !== undefined && output.includes(until)) child.kill('SIGKILL');
        });
      }
      child.on('close', done);
    });
    clearTimeout(patience);
    return { code, said: output.trimEnd().split('\n') };
  }
}

const calls = (): string[] => read('state/calls').trimEnd().split('\n');
const MANIFESTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
  (name) => `etc/kubernetes/manifests/${name}.yaml`,
);

describe('with certificates', { timeout: 120_000 }, () => {
  let made: Made;
  beforeAll(async () => {
    made = await Made.of('test/golden/blueprints/kubeadm.yaml');
  });

  test.each(['cp0', 'cp1', 'cp2'])('%s: the kubelet is up first, and etcd is waited for', async (name) => {
    made.install(name);
    state('ExternalEtcdVersion', '2');
    const { code, said } = await made.run('init');
    expect(said).toEqual([
      'api waiting: kubeadm init waits: [ERROR ExternalEtcdVersion]: the state says so ',
      'api note: kubeadm init is done',
    ]);
    expect(code).toBe(0);
    expect(calls()).toEqual(['init phase kubelet-start', 'init', 'init', 'init']);
    for (const path of MANIFESTS) expect(existsSync(at(path)), path).toBe(true);
    expect(parse(read('var/lib/kubelet/config.yaml'))).toMatchObject({
      rotateCertificates: false,
      staticPodPath: '/etc/kubernetes/manifests',
      registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      crashLoopBackOff: { maxContainerRestartPeriod: '5s' },
      tlsCertFile: '/etc/kubernetes/pki/kubelet-server.crt',
    });
    expect(read('var/lib/kubelet/kubeadm-flags.env')).toContain(`--hostname-override=${name} --node-ip=`);
  });

  test('what is done is not done again at a reboot', async () => {
    made.install('cp0');
    await made.run('init');
    const before = calls();
    expect((await made.run('init')).said).toEqual(['api note: kubeadm init is done']);
    expect(calls()).toEqual(before);
  });

  test('a run that was cut off is made again, and the kubelet is not set up a second time', async () => {
    made.install('cp0');
    await made.run('init');
    rmSync(at('var/lib/triskel/kubeadm-done'));
    rmSync(at(MANIFESTS[2] ?? ''));
    expect((await made.run('init')).code).toBe(0);
    for (const path of MANIFESTS) expect(existsSync(at(path)), path).toBe(true);
    expect(calls()).toEqual(['init phase kubelet-start', 'init', 'init']);
  });

  test('a check that nothing was said of is not passed over', async () => {
    made.install('cp0');
    state('Swap', '99');
    expect((await made.run('init', 'waits')).said.join()).toContain('[ERROR Swap]');
    for (const path of MANIFESTS) expect(existsSync(at(path)), path).toBe(false);
  });

  test('a worker joins with its own certificate once the API answers; a kubelet of an attempt before is stopped', async () => {
    made.install('worker0');
    state('kubelet-runs', '');
    state('Discovery', '1');
    const { code, said } = await made.run('join');
    expect(said).toEqual([
      'kubelet waiting: kubeadm join waits: [ERROR Discovery]: the state says so ',
      'kubelet note: kubeadm join is done',
    ]);
    expect(code).toBe(0);
    expect(read('state/systemctl')).toBe('stop kubelet.service\nstop kubelet.service\n');
    expect(parse(read('var/lib/kubelet/config.yaml'))).toMatchObject({
      rotateCertificates: false,
      tlsCertFile: '/etc/kubernetes/pki/kubelet-server.crt',
    });
  });

  test.each([
    [
      'without a certificate',
      () => {
        rmSync(at('etc/kubernetes/pki/apiserver.crt'));
      },
      'failed to load /etc/kubernetes/pki/apiserver.crt',
    ],
    [
      'without a kubeconfig',
      () => {
        rmSync(at('etc/kubernetes/scheduler.kubeconfig'));
      },
      'failed to load /etc/kubernetes/scheduler.conf',
    ],
    [
      'with the certificate of another',
      () => {
        cpSync(at('etc/kubernetes/pki/front-proxy-client.crt'), at('etc/kubernetes/pki/apiserver.crt'));
      },
      'apiserver is not issued by ca',
    ],
    [
      'with a field that is none',
      () => {
        writeFileSync(
          at('etc/kubernetes/kubeadm.yaml'),
          read('etc/kubernetes/kubeadm.yaml').replace('clusterName', 'clustername'),
        );
      },
      'clustername',
    ],
  ])('the stand-in refuses a node %s', async (_title, spoil, complaint) => {
    made.install('cp0');
    spoil();
    expect((await made.run('init', 'waiting')).said.join()).toContain(complaint);
  });
});

describe('with a token', { timeout: 120_000 }, () => {
  let made: Made;
  beforeAll(async () => {
    made = await Made.of('test/golden/blueprints/kubeadm-token.yaml');
  });

  test('the first control-plane node offers it for a time; one that is made anew does not offer it again', async () => {
    made.install('cp0');
    expect((await made.run('init')).code).toBe(0);
    const secret = documentsIn(read('state/secrets')).map(
      (document) => document as { stringData: Record<string, string> },
    );
    expect(secret.length).toBe(1);
    const { 'token-id': id, 'token-secret': value, expiration } = secret[0]?.stringData ?? {};
    expect(id).toMatch(/^[a-z0-9]{6}$/);
    expect(value).toMatch(/^[a-z0-9]{16}$/);
    const hours = (Date.parse(expiration ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(47.9);
    expect(hours).toBeLessThan(48.1);
    // The cluster goes on; the node's disk is new.
    rmSync(at('state/secrets'));
    rmSync(at('var/lib/triskel/kubeadm-done'));
    expect((await made.run('init')).code).toBe(0);
    expect(existsSync(at('state/secrets'))).toBe(false);
  });

  test('two nodes at once offer it once', async () => {
    made.install('cp1');
    writeFileSync(at('state/secrets'), '');
    expect((await made.run('init')).code).toBe(0);
    expect(read('state/secrets')).toBe('');
    expect(existsSync(at('state/triskel-bootstrap-token'))).toBe(true);
  });

  test('a worker bootstraps, and has its own certificate for those who ask it', async () => {
    made.install('worker0');
    expect(existsSync(at('etc/kubernetes/kubelet.conf'))).toBe(false);
    expect((await made.run('join')).code).toBe(0);
    expect(parse(read('var/lib/kubelet/config.yaml'))).toMatchObject({
      rotateCertificates: true,
      serverTLSBootstrap: false,
      maxPods: 50,
      tlsCertFile: '/etc/kubernetes/pki/kubelet-server.crt',
    });
  });
});
