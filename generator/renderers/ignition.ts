import type { Version } from 'ignition-config-types';
import type {
  Config as OldestConfig,
  File,
  Ignition,
  PasswdUser,
  RequiredResource,
  Unit,
} from 'ignition-config-types/v3_3';
import { memo } from '../base/memo.ts';
import { sortedBy } from '../base/order.ts';
import { systemFacts } from '../cluster/systems.ts';
import type { FileItem, UserItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { dataUrl, escapedDataUrl, gzippedDataUrl, unpackedUrl } from './data-url.ts';
import type { Pointer, Renderer } from './renderer.ts';

/** What is written is part of every version: a later one allows more, and takes nothing back. */
type Config = Omit<OldestConfig, 'ignition'> & {
  readonly ignition: Omit<Ignition, 'version'> & { readonly version: Version };
};

/** A config for Ignition, in the version of its spec that the node's system takes. */
export const ignition: Renderer = {
  format: 'ignition',
  reviewedName: () => 'config.ign.json',
  sealedSuffix: '.ign',
  encodings: ['plain', 'gzip-files', 'gzip-whole'],
  reviewed: (plan) => `${JSON.stringify(configOf(plan, unpacked), null, 2)}\n`,
  sealed(plan, encoding) {
    if (encoding === 'gzip-whole') return bytesOf(replacedBy(configOf(plan, escaped)));
    return bytesOf(configOf(plan, encoding === 'plain' ? plain : smallest));
  },
  served: (plan) => bytesOf(configOf(plan, plain)),
  pointerName: 'pointer.ign.json',
  pointer: (plan, to) => `${JSON.stringify(pointerConfig(plan, to), null, 2)}\n`,
};

type Contents = (file: FileItem) => RequiredResource;

const unpacked: Contents = ({ path }) => ({ source: unpackedUrl(path) });

const plain: Contents = ({ content }) => ({ source: dataUrl(content) });

const escaped: Contents = ({ content }) => ({ source: escapedDataUrl(content) });

const smallest: Contents = ({ content }) => smallestResource(content);

const smallestResource = memo((content: string): RequiredResource => {
  const open = { source: dataUrl(content) };
  const packed = { compression: 'gzip', source: gzippedDataUrl(content) } as const;
  return JSON.stringify(packed).length < JSON.stringify(open).length ? packed : open;
});

/** Ignition reads no gzipped config, but it fetches one that is, from a data URL as from any other. */
function replacedBy(config: Config): Config {
  const replace = { compression: 'gzip', source: gzippedDataUrl(JSON.stringify(config)) } as const;
  return { ignition: { ...config.ignition, config: { replace } } };
}

/**
 * Ignition fetches what replaces the config before it does anything else, tries again while the server is away, and stops
 * the boot when the hash is another one. All that fetching needs stands in the config that is replaced.
 */
function pointerConfig(plan: NodePlan, { url, sha512, ca, proxy }: Pointer): Config {
  return {
    ignition: {
      version: versionOf(plan),
      config: { replace: { source: url, verification: { hash: `sha512-${sha512}` } } },
      ...(ca === undefined ? {} : { security: { tls: { certificateAuthorities: [{ source: dataUrl(ca) }] } } }),
      ...(proxy === undefined
        ? {}
        : {
            proxy: {
              ...(proxy.http === undefined ? {} : { httpProxy: proxy.http }),
              ...(proxy.https === undefined ? {} : { httpsProxy: proxy.https }),
              noProxy: [...proxy.exempt],
            },
          }),
    },
  };
}

function versionOf({ node }: NodePlan): Version {
  const { name, ignition: version } = node.os;
  if (version === undefined) throw new Error(`${name} takes no Ignition`);
  return version;
}

function bytesOf(config: Config): Uint8Array {
  return Buffer.from(JSON.stringify(config), 'utf8');
}

function configOf(plan: NodePlan, contents: Contents): Config {
  const { sudoGroup } = systemFacts[plan.node.os.name];
  return {
    ignition: { version: versionOf(plan) },
    ...(plan.users.length > 0 ? { passwd: { users: plan.users.map((item) => user(item, sudoGroup)) } } : {}),
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
 * Whose members may become root without a password differs between images (the table says so). `core` is there already and may become root anyway, and Ignition
 * would replace the groups that it has (usermod --groups).
 */
function user({ name, sshKeys, sudo }: UserItem, sudoGroup: string): PasswdUser {
  return {
    name,
    sshAuthorizedKeys: sshKeys,
    ...(sudo && name !== 'core' ? { groups: [sudoGroup] } : {}),
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
