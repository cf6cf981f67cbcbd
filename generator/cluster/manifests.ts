import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Path } from '../base/paths.ts';
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
    const lines = new LineCounter();
    // Kubernetes' reader is of YAML 1.1: an octal mode or a merge key is what it is there.
    const document = parseDocument(part.text, { lineCounter: lines, prettyErrors: false, version: '1.1' });
    for (const { pos, message } of document.errors) refuse(part.line + lines.linePos(pos[0]).line - 1, message);
    if (part.text.includes('${triskel:')) refuse(part.line, 'holds the text of a hole, ${triskel:…}');
    if (document.errors.length > 0 || isEmpty(document)) return [];
    const object = objectOf(document);
    if (typeof object === 'string') {
      refuse(part.line + lines.linePos(contentStart(document)).line - 1, object);
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
function objectOf(document: Document): ManifestObject | string {
  if (!isMap(document.contents)) return 'is not a map of keys and values';
  let value: Partial<ManifestObject>;
  try {
    value = document.toJS({ maxAliasCount: 100 }) as Partial<ManifestObject>;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { apiVersion, kind, metadata } = value;
  const isWord = (word: unknown): boolean => typeof word === 'string' && word !== '';
  if (!isWord(apiVersion)) return 'has no apiVersion';
  if (!isWord(kind)) return 'has no kind';
  // Objects are applied one by one, so that a conflict in one of them keeps that one alone as it is.
  if (kind === 'List') return 'is a List: write its items as documents of their own';
  if (!isWord(metadata?.name)) return 'has no metadata.name';
  if (metadata?.namespace !== undefined && !isWord(metadata.namespace)) return 'metadata.namespace is not a name';
  return value as ManifestObject;
}

/** Nothing but comments between two separators. */
function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function contentStart(document: Document): number {
  return document.contents?.range?.[0] ?? 0;
}
