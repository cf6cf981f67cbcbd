import type { Config, File, PasswdUser, Resource, Unit } from 'ignition-config-types/v3_3';
import { sortedBy } from '../base/order.ts';
import type { FileItem, UserItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { dataUrl, gzippedDataUrl, unpackedUrl } from './data-url.ts';
import type { Encoding, Renderer } from './renderer.ts';

/** Ignition spec 3.3.0, which Flatcar and Fedora CoreOS read. */
export const ignition: Renderer = {
  format: 'ignition',
  reviewedName: 'config.ign.json',
  sealedSuffix: '.ign',
  encodings: ['plain', 'gzip-files'],
  reviewed: (plan) => `${JSON.stringify(configOf(plan, reviewedContents), null, 2)}\n`,
  sealed: (plan, encoding) => Buffer.from(JSON.stringify(configOf(plan, sealedContents(encoding))), 'utf8'),
};

type Contents = (file: FileItem) => Resource & { readonly source: string };

const reviewedContents: Contents = ({ path }) => ({ source: unpackedUrl(path) });

function sealedContents(encoding: Encoding): Contents {
  return ({ content }) => {
    const plain = { source: dataUrl(content) };
    if (encoding === 'plain') return plain;
    const packed = { compression: 'gzip', source: gzippedDataUrl(content) } as const;
    return JSON.stringify(packed).length < JSON.stringify(plain).length ? packed : plain;
  };
}

function configOf(plan: NodePlan, contents: Contents): Config {
  return {
    ignition: { version: '3.3.0' },
    ...(plan.users.length > 0 ? { passwd: { users: plan.users.map(user) } } : {}),
    storage: {
      filesystems: plan.filesystems.map(({ device, path, format, label }) => ({
        device,
        path,
        format,
        label,
        wipeFilesystem: false,
      })),
      directories: plan.directories.map(({ path, mode }) => ({ path, mode })),
      files: plan.files.map((item): File => ({
        path: item.path,
        mode: item.mode,
        overwrite: true,
        contents: contents(item),
      })),
      links: plan.links.map(({ path, target }) => ({ path, target, overwrite: true })),
    },
    systemd: { units: units(plan) },
  };
}

/**
 * The group sudo may become root without a password in Flatcar's sudoers. `core` is there already and may anyway, and
 * Ignition would replace the groups that it has (usermod --groups).
 */
function user({ name, sshKeys, sudo }: UserItem): PasswdUser {
  return {
    name,
    sshAuthorizedKeys: sshKeys,
    ...(sudo && name !== 'core' ? { groups: ['sudo'] } : {}),
  };
}

/** Units and drop-ins of one name are one entry. A unit that is not enabled is left as the system has it. */
function units(plan: NodePlan): Unit[] {
  const entries = new Map<string, Unit>();
  for (const { name, enabled, masked, content } of plan.units) {
    if (masked === true) entries.set(name, { name, mask: true });
    else {
      const contents = content === undefined ? {} : { contents: content };
      entries.set(name, { name, ...(enabled ? { enabled } : {}), ...contents });
    }
  }
  for (const { unit, name, content } of plan.dropIns) {
    const entry = entries.get(unit) ?? { name: unit };
    entries.set(unit, { ...entry, dropins: [...(entry.dropins ?? []), { name, contents: content }] });
  }
  return sortedBy([...entries.values()], (entry) => entry.name);
}
