/**
 * The unit's name for a path, as systemd-escape --path --suffix=… gives it (systemd.unit(5), "String escaping for
 * inclusion in unit names"): /var/lib/a-b → var-lib-a\x2db.mount. systemd refuses a mount unit of another name.
 */
export function unitNameOfPath(path: string, suffix: 'mount'): string {
  const steps = path.split('/').filter((step) => step !== '');
  const name = steps.length === 0 ? '-' : steps.map((step, index) => escape(step, index === 0)).join('-');
  return `${name}.${suffix}`;
}

function escape(step: string, first: boolean): string {
  return [...Buffer.from(step, 'utf8')]
    .map((byte, index) => {
      const character = String.fromCharCode(byte);
      const plain = /[A-Za-z0-9:_.]/.test(character) && !(first && index === 0 && character === '.');
      return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/**
 * One argument as ExecStart= takes it (systemd.service(5), "Command lines"): quoted where it is not plain, and without
 * specifiers and variables.
 */
export function systemdArgument(text: string): string {
  if (/^[A-Za-z0-9_./,:=@+-]*$/.test(text)) return text;
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped}"`;
}
