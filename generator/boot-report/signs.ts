import table from './signs.yaml';

/** What a line of somebody else means: the kernel's, systemd's, Ignition's, cloud-init's. */
export interface Sign {
  readonly name: string;
  /** The boot ends here, or nothing of ours is ever started. */
  readonly fatal: boolean;
  readonly means: string;
  readonly do: string;
}

const signs = (table as readonly (Sign & { readonly pattern: string })[]).map(({ pattern, ...sign }) => ({
  sign,
  pattern: new RegExp(pattern),
}));

/** What the line says of the boot; undefined for nearly all lines. */
export function signOf(text: string): Sign | undefined {
  return signs.find(({ pattern }) => pattern.test(text))?.sign;
}
