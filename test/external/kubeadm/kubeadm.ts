/**
 * A stand-in for kubeadm in the folder $TRISKEL_ROOT: strict about its arguments and documents, as far as run-kubeadm uses
 * them, and about the files that must be there; after kubernetes, cmd/kubeadm/app (preflight/checks.go, cmd/phases, phases/certs,
 * phases/kubeconfig). `state/<Check>` has how many more times that check of preflight fails.
 */
import { X509Certificate } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { merge } from '../../../generator/blueprint/merge.ts';
import { documentsIn, schemaErrors, type Document } from '../../support/kubeadm/schema.ts';

const root = process.env['TRISKEL_ROOT'] ?? '';
const at = (path: string): string => join(root, path);
const PKI = '/etc/kubernetes/pki';
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const PHASES = [
  'preflight',
  'certs',
  'kubeconfig',
  'kubeconfig/super-admin',
  'etcd',
  'control-plane',
  'kubelet-start',
  'wait-control-plane',
  'upload-config',
  'upload-certs',
  'mark-control-plane',
  'bootstrap-token',
  'kubelet-finalize',
  'addon',
  'show-join-command',
];

function die(text: string): never {
  console.error(text);
  process.exit(1);
}

function argumentsOf(given: readonly string[]): { command: string; config: string; skipped: readonly string[] } {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < given.length; index++) {
    const word = given[index] ?? '';
    if (!word.startsWith('--')) words.push(word);
    else if (word !== '--config' && word !== '--skip-phases') die(`unknown flag: ${word}`);
    else flags.set(word, given[++index] ?? '');
  }
  const command = words.join(' ');
  if (!['init', 'join', 'init phase kubelet-start'].includes(command)) die(`unknown command "${command}"`);
  const skipped = (flags.get('--skip-phases') ?? '').split(',').filter(Boolean);
  const unknown = skipped.filter((phase) => !PHASES.includes(phase));
  if (unknown.length > 0 || new Set(skipped).size !== skipped.length) die(`invalid phase name: ${unknown.join()}`);
  return { command, config: flags.get('--config') ?? die('no --config'), skipped };
}

function read(path: string): string {
  try {
    return readFileSync(at(path), 'utf8');
  } catch {
    return die(`failed to load ${path}`);
  }
}

/** cmd/kubeadm/app/phases/certs/certs.go: UsingExternalCA, and what the phase does with what is there. */
function checkCertificates(): void {
  const chain = (name: string, authority: string): void => {
    const [leaf, ca] = [`${name}.crt`, `${authority}.crt`].map((file) => new X509Certificate(read(`${PKI}/${file}`)));
    if (leaf?.verify((ca as X509Certificate).publicKey) !== true) die(`${name} is not issued by ${authority}`);
    read(`${PKI}/${name}.key`);
  };
  if ((read(`${PKI}/ca.crt`).match(/BEGIN CERTIFICATE/g) ?? []).length !== 1) die('the CA file has more than one CA');
  chain('apiserver', 'ca');
  chain('apiserver-kubelet-client', 'ca');
  chain('front-proxy-client', 'front-proxy-ca');
  for (const name of ['sa.key', 'sa.pub', 'etcd/ca.crt', 'apiserver-etcd-client.crt', 'apiserver-etcd-client.key'])
    read(`${PKI}/${name}`);
}

interface Kubeconfig {
  readonly clusters: { name: string; cluster: { server: string; 'certificate-authority': string } }[];
  readonly users: { user: { 'client-certificate'?: string; 'client-key'?: string; token?: string } }[];
  readonly 'current-context': string;
}

/** A kubeconfig that may be used: its CA is there, and what it proves itself with. */
function checkKubeconfig(path: string): Kubeconfig {
  const config = parse(read(path)) as Kubeconfig;
  read(config.clusters[0]?.cluster['certificate-authority'] ?? '');
  const user = config.users[0]?.user ?? {};
  if (user.token === undefined) {
    read(user['client-certificate'] ?? '');
    read(user['client-key'] ?? '');
  } else if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(user.token)) die(`${path}: the token is not valid`);
  return config;
}

function registration(document: Document): {
  name: string;
  ignorePreflightErrors: string[];
  kubeletExtraArgs: { name: string; value: string }[];
} {
  return document['nodeRegistration'] as ReturnType<typeof registration>;
}

function preflight(document: Document, available: readonly string[], more: readonly string[]): void {
  const ignored = registration(document).ignorePreflightErrors.map((name) => name.toLowerCase());
  const failed = available
    .filter((path) => existsSync(at(path)))
    .map((path) => [`FileAvailable-${path.replaceAll('/', '-')}`, `${path} already exists`] as const);
  const running: (readonly [string, string])[] = existsSync(at('state/kubelet-runs'))
    ? [['Port-10250', 'Port 10250 is in use']]
    : [];
  const counted = more.flatMap((name): (readonly [string, string])[] => {
    const left = existsSync(at(`state/${name}`)) ? Number(readFileSync(at(`state/${name}`), 'utf8')) : 0;
    if (left > 0) writeFileSync(at(`state/${name}`), String(left - 1));
    return left > 0 ? [[name, 'the state says so']] : [];
  });
  const errors = [...failed, ...running, ...counted].filter(([name]) => !ignored.includes(name.toLowerCase()));
  if (errors.length === 0) return;
  const lines = errors.map(([name, text]) => `\t[ERROR ${name}]: ${text}\n`).join('');
  die(
    `error execution phase preflight: [preflight] Some fatal errors occurred:\n${lines}To see the stack trace of this error execute with --v=5 or higher`,
  );
}

/** The configuration with kubeadm's own word on rotation, and this node's patches over it (phases/kubelet/config.go). */
function startKubelet(document: Document, configuration: Document): void {
  const { directory } = document['patches'] as { directory: string };
  const patches = readdirSync(at(directory)).filter((name) => name.startsWith('kubeletconfiguration'));
  const patched = patches.reduce<unknown>(
    (below, name) => {
      if (!name.endsWith('+merge.yaml')) die(`unknown kind of patch: ${name}`);
      return merge(below, parse(read(`${directory}/${name}`)));
    },
    merge(configuration, { rotateCertificates: true }),
  );
  mkdirSync(at('/var/lib/kubelet'), { recursive: true });
  writeFileSync(at('/var/lib/kubelet/config.yaml'), stringify(patched));
  const flags = registration(document).kubeletExtraArgs.map(({ name, value }) => `--${name}=${value}`);
  writeFileSync(at('/var/lib/kubelet/kubeadm-flags.env'), `KUBELET_KUBEADM_ARGS="${flags.join(' ')}"\n`);
  writeFileSync(at('state/kubelet-runs'), '');
}

function main(): void {
  const { command, config, skipped } = argumentsOf(process.argv.slice(2));
  appendFileSync(at('state/calls'), `${command}\n`);
  const documents = documentsIn(readFileSync(config, 'utf8'));
  const one = (kind: string): Document =>
    documents.find((document) => document['kind'] === kind) ?? die(`no ${kind} in ${config}`);
  const errors = documents.flatMap((document) => schemaErrors(document) ?? []);
  if (errors.length > 0) die(`error unmarshaling configuration: ${errors.join('; ')}`);

  if (command === 'join') {
    const document = one('JoinConfiguration');
    const { file } = document['discovery'] as { file: { kubeConfigPath: string } };
    const conf = '/etc/kubernetes/kubelet.conf';
    preflight(document, [conf, '/etc/kubernetes/bootstrap-kubelet.conf', `${PKI}/ca.crt`], ['Swap', 'Discovery']);
    checkKubeconfig(file.kubeConfigPath);
    startKubelet(document, parse(read('/state/kubelet-config.yaml')) as Document);
    return;
  }
  const document = one('InitConfiguration');
  if (!existsSync(at(`${PKI}/ca.key`)) || process.env['TOKEN'] === undefined) checkCertificates();
  for (const name of ['admin', 'kubelet', 'controller-manager', 'scheduler'])
    checkKubeconfig(`/etc/kubernetes/${name}.conf`);
  if (command === 'init phase kubelet-start') {
    startKubelet(document, one('KubeletConfiguration'));
    return;
  }
  // What this stand-in does not do must have been skipped.
  for (const phase of PHASES.slice(6)) if (!skipped.includes(phase)) die(`the phase ${phase} needs the API server`);
  if (!skipped.includes('kubeconfig/super-admin')) die('super-admin.conf cannot be issued');
  const manifests = [...PROGRAMS, 'etcd'].map((name) => `/etc/kubernetes/manifests/${name}.yaml`);
  preflight(document, manifests, ['ExternalEtcdVersion', 'Swap']);
  const cluster = one('ClusterConfiguration') as {
    apiServer: { extraVolumes: { hostPath: string; pathType: string }[] };
  };
  for (const { hostPath } of cluster.apiServer.extraVolumes)
    if (!existsSync(at(hostPath))) die(`${hostPath} is not there`);
  for (const path of manifests.slice(0, 3)) writeFileSync(at(path), 'kind: Pod\n');
}

main();
