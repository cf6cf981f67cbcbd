/** Files that scripts/build/assets.ts turns into modules. */
declare module '*.ejs' {
  /** Renders the template with `it`; a value that is missing throws. */
  const render: (it: object) => string;
  export default render;
}
declare module '*.yaml' {
  const value: unknown;
  export default value;
}
declare module '*.md' {
  const text: string;
  export default text;
}
declare module '*.py' {
  const text: string;
  export default text;
}
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.schema.json' {
  /** ajv's compiled validator of that schema; `errors` holds the violations of the last call. */
  const validate: ((value: unknown) => boolean) & { errors?: object[] | null };
  export default validate;
}
