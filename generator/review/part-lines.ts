import type { ClusterNode } from '../cluster/cluster.ts';
import type { UserDataPart } from '../cluster/parts.ts';

/** A line of a part of user data. */
export interface PartLine {
  readonly part: UserDataPart;
  /** Without blanks around it. */
  readonly line: string;
  /** Counted from 1. */
  readonly number: number;
}

/** The lines of these nodes' own parts of user data that match; each once, and no comments. */
export function partLines(nodes: readonly ClusterNode[], pattern: RegExp): PartLine[] {
  const parts = new Set(nodes.flatMap((node) => node.parts));
  return [...parts].flatMap((part) =>
    part.text.split('\n').flatMap((text, index) => {
      const line = text.trim();
      return !line.startsWith('#') && pattern.test(line) ? [{ part, line, number: index + 1 }] : [];
    }),
  );
}
