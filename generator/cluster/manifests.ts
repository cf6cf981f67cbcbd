import type { Path } from '../base/paths.ts';
import { readYaml } from '../blueprint/yaml-text.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Report } from './report.ts';

/** A manifest file as it lies beside the blueprint. */
export interface ManifestText {
  /** As the blueprint names it. */
  readonly file: string;
  readonly text: string;
}

/** A Kubernetes object of a manifest; only what every object has is checked. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** One document of a manifest: its own text, comments and all, and what is in it. */
export interface ManifestDocument {
  readonly text: string;
  readonly object: ManifestObject;
}

/** A manifest file that was read. */
export interface Manifest {
  /** As the blueprint names it. */
  readonly file: string;
  readonly documents: readonly ManifestDocument[];
  /** Where the blueprint names it. */
  readonly origin: Path;
}

/** Where a line begins a new document: YAML allows `---` there for nothing else, not even inside a block of text. */
const SEPARATOR = /^---(?=[ \t\n]|$)/gm;

/**
 * A manifest's documents, each with apiVersion, kind and metadata.name; mistakes are told at the blueprint's own line.
 * The text is kept as it is: Kubernetes reads YAML 1.1, and a value that we wrote anew might mean something else there.
 */
export function parseManifest({ file, text }: ManifestText, origin: Path, report: Report): Manifest {
  const refuse = (line: number, problem: string): void => {
    report(diagnostic('cluster/manifest', `${file}:${String(line)}: ${problem}`, [at(origin)]));
  };
  const documents = split(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')).flatMap((part) => {
    // Kubernetes' reader is of YAML 1.1: an octal mode or a merge key is what it is there.
    const { document, value, problems } = readYaml(part.text, '1.1');
    const lineOf = (offset: number): number => part.line + part.text.slice(0, offset).split('\n').length - 1;
    for (const { message, ranges } of problems) refuse(lineOf(ranges[0]?.[0] ?? 0), message);
    if (part.text.includes('${triskel:')) refuse(part.line, 'holds the text of a hole, ${triskel:…}');
    if (problems.length > 0 || value === null || value === undefined) return [];
    const object = objectOf(value);
    if (typeof object === 'string') {
      refuse(lineOf(document.contents?.range?.[0] ?? 0), object);
      return [];
    }
    return [{ text: part.text, object }];
  });
  if (documents.length === 0 && text.trim() === '') refuse(1, 'holds no object');
  return { file, documents, origin };
}

function split(text: string): { text: string; line: number }[] {
  const starts = [0, ...[...text.matchAll(SEPARATOR)].map((match) => match.index)];
  let line = 1;
  return starts.map((start, index) => {
    const part = text.slice(start, starts[index + 1]);
    const first = line;
    line += part.split('\n').length - 1;
    return { text: part, line: first };
  });
}

/** The document's object, or what is wrong with it. */
function objectOf(value: unknown): ManifestObject | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a map of keys and values';
  const { apiVersion, kind, metadata } = value as Partial<ManifestObject>;
  if (!isWord(apiVersion)) return 'has no apiVersion';
  if (!API_VERSION.test(apiVersion)) return 'apiVersion is not a version such as v1 or apps/v1';
  if (!isWord(kind)) return 'has no kind';
  if (!KIND.test(kind)) return 'kind is not a word';
  // Objects are applied one by one, so that a conflict in one of them keeps that one alone as it is.
  if (kind === 'List') return 'is a List: write its items as documents of their own';
  if (!isWord(metadata?.name)) return 'has no metadata.name';
  if (!NAME.test(metadata.name)) return 'metadata.name is not a name that Kubernetes takes';
  const { namespace } = metadata;
  if (namespace !== undefined && !(isWord(namespace) && NAMESPACE.test(namespace)))
    return 'metadata.namespace is not a name';
  return value as ManifestObject;
}

function isWord(word: unknown): word is string {
  return typeof word === 'string' && word !== '';
}

/** A group is a DNS subdomain, a version a DNS label (k8s.io/apimachinery, util/validation). */
const API_VERSION = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const KIND = /^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** The widest that any kind allows is a path's segment (k8s.io/apimachinery, api/validation/path); blanks are never meant. */
const NAME = /^(?!\.{1,2}$)[!-$&-.0-~]{1,253}$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
