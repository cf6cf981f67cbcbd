/** A container image's name taken apart, by the grammar of distribution/reference. */
export interface ImageReference {
  /** Host, or host:port, as the reference or its default names it: registry.k8s.io, docker.io. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` when the reference carries one. */
  readonly digest: string | undefined;
}

const REFERENCE =
  /^(?<name>[a-z0-9][a-zA-Z0-9._:/[\]-]*?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** Undefined for anything that is no image's name. Docker's short names get their registry and `library/`. */
export function parseImage(text: string): ImageReference | undefined {
  const { name, tag = 'latest', digest } = REFERENCE.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const registry = hasHost ? first : 'docker.io';
  const path = hasHost ? name.slice(slash + 1) : name;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  return REPOSITORY.test(repository) ? { registry, repository, tag, digest } : undefined;
}

/** The reference without its digest: what a pins file has it under. */
export function withoutDigest(reference: string): string {
  return reference.replace(/@sha256:[a-f0-9]{64}$/, '');
}
