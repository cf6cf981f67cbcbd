import { digestOf } from '../../base/digests.ts';
import { sortedBy } from '../../base/order.ts';
import type { Path } from '../../base/paths.ts';
import { toYamlDocuments } from '../../base/yaml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Addon, FetchedManifest, KubernetesObject, UserRight } from '../component.ts';
import { fetchedFiles } from './fetched.ts';
import { authorizationPolicy } from './rights.ts';

/** All that the control plane applies, as files in the order of their names, each of them YAML documents behind `---`. */
export interface AddonSet {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  /** A set is newer than another by its Kubernetes version first, then by its revision. */
  readonly kubernetes: string;
  readonly revision: number;
  /** Of names and contents: two sets of one version must be the same. */
  readonly sha256: string;
  /** The applier's rights and the components', for the API server's --authorization-policy-file. */
  readonly policy: string;
  /** Images that the set's own pods run. */
  readonly images: readonly string[];
  /** What the files that end in .fetched name. */
  readonly fetched: readonly FetchedManifest[];
}

/** One object as text, and whose it is. */
interface Document {
  readonly file: string;
  readonly text: string;
  readonly object: KubernetesObject;
  readonly owner: string;
  readonly origin?: Path;
}

/** What everything else may need comes first, whosever it is. */
const FIRST: Readonly<Record<string, string>> = {
  Namespace: '00-namespaces.yaml',
  CustomResourceDefinition: '01-definitions.yaml',
};

/** The components' add-ons and the blueprint's manifests → one set. An object that two of them bring is an error. */
export function addonSet(
  cluster: Cluster,
  addons: readonly Addon[],
  rights: readonly UserRight[] = [],
): Checked<AddonSet> {
  const documents = [...addonDocuments(addons), ...manifestDocuments(cluster)];
  const objects = documents.map((document) => document.object);
  const names = [...new Set(documents.map((document) => document.file))].sort();
  const written = names.map((name) => ({
    name,
    content: documents.flatMap(({ file, text }) => (file === name ? [text] : [])).join(''),
  }));
  const files = sortedBy([...written, ...addons.flatMap((addon) => fetchedFiles(cluster, addon))], ({ name }) => name);
  return {
    diagnostics: duplicates(documents),
    value: {
      files,
      kubernetes: cluster.versions.kubernetes,
      revision: cluster.addons.revision,
      sha256: digestOf(files),
      policy: authorizationPolicy([...objects, ...addons.flatMap(({ touches = [] }) => touches)], rights),
      images: [...new Set(addons.flatMap((addon) => addon.images))].sort(),
      fetched: addons.flatMap((addon) => addon.fetched ?? []),
    },
  };
}

function addonDocuments(addons: readonly Addon[]): Document[] {
  return sortedBy(addons, ({ name, order }) => fileName(order, name)).flatMap(({ name, order, objects }) =>
    objects.map((object) => ({
      file: FIRST[object.kind] ?? fileName(order, name),
      text: toYamlDocuments([object]),
      object,
      owner: `the add-on ${name}`,
    })),
  );
}

/** The blueprint's own manifests come last, and in its order. */
function manifestDocuments(cluster: Cluster): Document[] {
  const { manifests } = cluster.addons;
  const digits = String(manifests.length).length;
  return manifests.flatMap(({ file, documents, origin }, index) =>
    documents.map(({ text, object }) => ({
      file: FIRST[object.kind] ?? `90-${String(index).padStart(digits, '0')}-${baseName(file)}.yaml`,
      text: `${text.startsWith('---') ? '' : '---\n'}${text.trimEnd()}\n`,
      object,
      owner: file,
      origin,
    })),
  );
}

function fileName(order: number, name: string): string {
  return `${String(order).padStart(2, '0')}-${name}.yaml`;
}

/** A file's name without folders and ending, of characters that mean nothing to a shell. */
function baseName(file: string): string {
  const last = file.split('/').at(-1) ?? '';
  const plain = last
    .replace(/\.(ya?ml|json)$/i, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return plain === '' ? 'manifest' : plain;
}

/** Of two manifests of one object, the later one would take back what the earlier one said. */
function duplicates(documents: readonly Document[]): Diagnostic[] {
  const seen = new Map<string, Document>();
  return documents.flatMap((document) => {
    const { apiVersion, kind, metadata } = document.object;
    const group = apiVersion.split('/').slice(0, -1).join('/');
    const key = [group, kind, metadata.namespace ?? '', metadata.name].join(' ');
    const other = seen.get(key);
    seen.set(key, document);
    if (other === undefined) return [];
    const places = [document, other].flatMap(({ origin, owner }) => (origin === undefined ? [] : [at(origin, owner)]));
    const owners = other.owner === document.owner ? `${other.owner}, twice` : `${other.owner} and ${document.owner}`;
    return [diagnostic('plan/conflict', `${kind} ${metadata.name} comes with ${owners}`, places)];
  });
}
