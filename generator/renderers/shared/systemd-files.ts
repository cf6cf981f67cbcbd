/** Where units and drop-ins of the administrator lie (systemd.unit(5)). */
const FOLDER = '/etc/systemd/system';

/** The path of a unit's file. */
export function unitPath(unit: string): string {
  return `${FOLDER}/${unit}`;
}

/** The path of a drop-in's file. */
export function dropInPath(unit: string, name: string): string {
  return `${FOLDER}/${unit}.d/${name}`;
}
