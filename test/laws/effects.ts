import ts from 'typescript';
import { importsOf, parse, place, walk, type SourceFile } from './sources.ts';

/** Modules whose only use is to touch the world. */
const MODULES = new Set([
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:tls',
  'node:dns',
  'node:dgram',
  'node:http',
  'node:http2',
  'node:https',
  'node:child_process',
  'node:worker_threads',
  'node:cluster',
  'node:os',
  'node:process',
  'node:perf_hooks',
  'node:readline',
  'node:readline/promises',
  'node:timers',
  'node:timers/promises',
  'node:tty',
  'undici',
  'proper-lockfile',
  'ora',
  '@clack/prompts',
]);

/** Names of node:crypto that draw random bytes. Hashing, parsing and verifying are pure. */
const RANDOM = /^(random|getRandomValues|generateKey|generatePrime|webcrypto|subtle|\*|default)/;

const GLOBALS = new Set([
  'process',
  'console',
  'fetch',
  'performance',
  'crypto',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
]);

/** The door to the world, the program's own entry, and what the client of OpenStack uses where it is given nothing else. */
const ALLOWED = /^generator\/(host\/|main\.ts$|openstack-client-lite\/(undici-transport|system-clock)\.ts$)/;

/** Whatever touches disk, network, clock, randomness, processes or the environment outside of host/. */
export function effects(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !ALLOWED.test(path))
    .flatMap((file) => {
      const source = parse(file);
      const imported = importsOf(source)
        .filter(({ typeOnly }) => !typeOnly)
        .flatMap(({ module, names, node }) => {
          const what = MODULES.has(module)
            ? [module]
            : module === 'node:crypto' || module === 'crypto'
              ? names.filter((name) => RANDOM.test(name)).map((name) => `${name} of ${module}`)
              : module.startsWith('node:') || !MODULES.has(`node:${module}`)
                ? []
                : [module];
          return what.map((name) => `${place(source, node)}: ${name}`);
        });
      const used = [...walk(source)].flatMap((node) => {
        const what = effectOf(node);
        return what === undefined ? [] : [`${place(source, node)}: ${what}`];
      });
      return [...imported, ...used];
    });
}

function effectOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
    return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    if (text === 'Date.now' || text === 'Math.random') return text;
  }
  return ts.isIdentifier(node) && GLOBALS.has(node.text) && isReference(node) ? node.text : undefined;
}

/** True for a use of the global of that name, false where it merely names a property, a parameter or an import. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isBindingElement(parent))
    return 'initializer' in parent && parent.initializer === node;
  return (parent as { name?: ts.Node }).name !== node || ts.isShorthandPropertyAssignment(parent);
}
