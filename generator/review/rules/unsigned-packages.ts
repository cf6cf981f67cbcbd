import { at } from '../../diagnostics/diagnostic.ts';
import { partLines } from '../part-lines.ts';
import type { Rule } from '../rule.ts';
import page from './unsigned-packages.md';

/** dnf.conf(5): gpgcheck; sources.list(5): trusted, allow-insecure; apt-get(8): --allow-unauthenticated; cloud-init, yum_repos. */
const UNCHECKED =
  /\b(repo_)?gpgcheck['"]?\s*[:=]\s*['"]?(0|no|off|false)\b|--no-?gpg-?checks?\b|\btrusted\s*[=:]\s*yes\b|\ballow-(insecure|weak|unauthenticated)\b|\bAllowUnauthenticated\b/i;

/** Packages are checked against the keys of whoever made them. */
export const unsignedPackages: Rule = {
  code: 'review/unsigned-packages',
  page,
  find: (cluster) =>
    partLines(cluster.nodes, UNCHECKED).map(({ part, line, number }) => ({
      message: `${part.file}:${String(number)} installs packages that nobody has checked: ${line}`,
      places: [at(part.origin)],
    })),
};
