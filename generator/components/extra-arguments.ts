import { sortedBy } from '../base/order.ts';
import { didYouMean } from '../base/suggestions.ts';
import type { Path } from '../base/paths.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { Program } from '../cluster/facts.ts';
import { flagNames, flagOf, hasFlag, versionOf } from '../cluster/lives.ts';
import type { Versions } from '../cluster/versions.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { lifeDiagnostics, ownedDiagnostic, type Owned } from './settings.ts';

/** What a blueprint gives a program beside Triskel's own arguments: flags without dashes. */
export type ExtraArguments = Readonly<Record<string, Argument | readonly Argument[]>>;

type Argument = string | number | boolean;

/** Flags that hold lists: what the blueprint adds stands behind Triskel's own entries, and wins over them. */
const JOINED = ['feature-gates', 'controllers'];
/** Flags whose value is a path, by how their names end; runtime-config alone has none. */
const NAMES_A_FILE = /(?<!^runtime-)(?<![^-])(file|dir|config|kubeconfig|manifest|cert-key|keyfile|certfile|cafile)$/;

/** What holds for the flags of one program. */
interface Rules {
  readonly owned: Owned;
  /** The same for the fields of its configuration. */
  readonly ownedFields?: Owned;
  readonly path: Path;
  /** Whether the program sees the files that its pod mounts alone. */
  readonly inPod: boolean;
  /** All arguments that one node gives the program. */
  readonly emitted: readonly string[];
}

/**
 * Every flag that the program does not take at this version, or that is not the blueprint's to set; and those of Triskel
 * that facts of the blueprint's own say to be gone.
 */
export function checkExtraArguments(
  versions: Versions,
  program: Program,
  extra: ExtraArguments,
  { owned, ownedFields = {}, path, inPod, emitted }: Rules,
): Diagnostic[] {
  const outgrown = emitted
    .map(flagIn)
    .filter((flag) => !Object.hasOwn(extra, flag) && !hasFlag(versions, program, flag));
  const ofOurs = outgrown.map((flag) => {
    const text = `${program} ${versionOf(versions, program)} does not have --${flag}, which Triskel gives it`;
    return diagnostic('settings/outgrown', text, [at(['kubernetes', 'version'])]);
  });
  const given = Object.keys(extra).flatMap((flag) => {
    const place = { path: [...path, flag], onKey: true };
    const found = flagOf(versions, program, flag);
    const ofUs = ownedDiagnostic(owned, flag, `--${flag} of ${program}`, place);
    if (ofUs !== undefined) return [ofUs];
    if (found === undefined) {
      const text = `${program} has no flag --${flag}.${didYouMean(flag, flagNames(versions, program))}`;
      return [diagnostic('settings/unknown', text, [place])];
    }
    if (found.field !== undefined) {
      const { field } = found;
      const owner = Object.keys(ownedFields).find((name) => `${field}.`.startsWith(`${name}.`));
      const ofField = ownedDiagnostic(ownedFields, owner ?? '', `--${flag} of ${program}`, place);
      if (ofField !== undefined) return [ofField];
      const text = `the field ${field} of KubeletConfiguration sets what --${flag} does`;
      return [diagnostic('settings/has-field', text, [place], `Set components.kubelet.configuration.${field}.`)];
    }
    const name = program === 'etcd' ? 'etcd' : 'Kubernetes';
    const version = versionOf(versions, program);
    const life = lifeDiagnostics(found, `--${flag} of ${program}`, { name, version }, place);
    if (life.length > 0 || !inPod || !NAMES_A_FILE.test(flag)) return life;
    return [
      diagnostic('settings/absent-file', `--${flag} names a file, and the pod of ${program} has none of yours`, [
        place,
      ]),
    ];
  });
  return [...ofOurs, ...given];
}

/** The same for a program of the control plane: on every node alike, and in a pod with no file but those that it mounts. */
export function checkProgramArguments(
  cluster: Cluster,
  program: 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler',
  owned: Owned,
  nodes: readonly ClusterNode[],
  argumentsOf: (cluster: Cluster, node: ClusterNode) => readonly string[],
): Diagnostic[] {
  return checkExtraArguments(cluster.versions, program, cluster.options[program]?.extraArguments ?? {}, {
    owned,
    path: ['components', program, 'extraArguments'],
    inPod: cluster.controlPlane.runs !== 'systemd',
    emitted: nodes.slice(0, 1).flatMap((node) => argumentsOf(cluster, node)),
  });
}

/** A program's own arguments with those of the blueprint, by flag; each flag of the blueprint is in place of ours. */
export function withExtraArguments(own: readonly string[], extra: ExtraArguments = {}): string[] {
  const added = sortedBy(Object.entries(extra), ([flag]) => flag).flatMap(([flag, value]) => {
    const values = (Array.isArray(value) ? (value as readonly Argument[]) : [value as Argument]).map(String);
    if (!JOINED.includes(flag)) return values.map((one) => `--${flag}=${one}`);
    const before = own.filter((argument) => flagIn(argument) === flag).map((a) => a.slice(flag.length + 3));
    return [`--${flag}=${[...before, ...values].join(',')}`];
  });
  return [...own.filter((argument) => !Object.hasOwn(extra, flagIn(argument))), ...added];
}

/**
 * An argument as a pod's manifest must write it: the kubelet replaces $(NAME) in a command by a variable, and $$ by a
 * dollar sign (core/v1, Container.command).
 */
export function podArgument(argument: string): string {
  return argument.replaceAll('$', '$$$$');
}

function flagIn(argument: string): string {
  return argument.slice(2).split('=')[0] ?? '';
}
