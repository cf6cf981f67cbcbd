import type { ConfigurationKind } from '../../../generator/cluster/facts.ts';
import type { Versions } from '../../../generator/cluster/versions.ts';
import { checkConfiguration } from '../../../generator/components/settings.ts';
import { schemaErrors, type Document } from './schema.ts';

/** What is wrong with one of kubeadm's documents, or with one of those beside them, by the types of upstream. */
export function documentErrors(versions: Versions, document: Document): string[] {
  const ofKubeadm = schemaErrors(document);
  if (ofKubeadm !== undefined) return ofKubeadm;
  const { apiVersion, kind, ...fields } = document;
  if (kind !== 'KubeletConfiguration' && kind !== 'KubeProxyConfiguration')
    return [`${String(kind)} is no document of kubeadm's`];
  const known = versions.facts.fields[kind satisfies ConfigurationKind].apiVersion;
  return [
    ...(apiVersion === known ? [] : [`${kind} has the version ${String(apiVersion)}`]),
    ...checkConfiguration(versions, kind, fields, { owned: {}, path: [], written: {} })
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message),
  ];
}
