/**
 * missing: nothing says which cloud, or something needed is not said. unknown: no cloud of this name, or no such region of it.
 * malformed: a file that is no YAML, or has another shape. unsupported: a way to authenticate that this client does not have.
 */
export type ConfigErrorKind = 'missing' | 'unknown' | 'malformed' | 'unsupported';

/** A configuration that says no cloud. No value of it is in the message, but for names of clouds and regions. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly kind: ConfigErrorKind;
  /** The file in which it is wrong, where it is one. */
  readonly file: string | undefined;

  constructor(kind: ConfigErrorKind, message: string, file?: string) {
    super(file === undefined ? message : `${file}: ${message}`);
    this.kind = kind;
    this.file = file;
  }
}
