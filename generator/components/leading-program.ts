import { isControlPlane, pinnedImage, type Cluster, type ClusterNode } from '../cluster/cluster.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { Component } from './component.ts';
import { ownedBy, programUnit, restartOf } from './control-plane-unit.ts';
import { checkProgramArguments } from './extra-arguments.ts';
import { hostFiles, keyPairFiles } from './host-paths.ts';
import { apiClientFiles, kubeconfigPath } from './identity-files.ts';
import { kubernetesPrograms } from './kubernetes-programs.ts';
import { BIN, CLUSTER_CA, FRONT_PROXY_CA, MANIFESTS, PKI } from './node-paths.ts';
import type { Owned } from './settings.ts';
import { staticPod } from './static-pod.ts';

/** A client of the API server that runs on every control-plane node, and of which one leads. */
export interface LeadingProgram {
  readonly name: 'kube-controller-manager' | 'kube-scheduler';
  /** As whom it speaks to the API server. */
  readonly identity: 'controller-manager' | 'scheduler';
  /** What it is, for its unit. */
  readonly description: string;
  /** Of its HTTPS server on the loopback. */
  readonly port: number;
  /** Flags that a blueprint does not set, and the key that it sets in their place. */
  readonly owned: Owned;
  readonly arguments: (cluster: Cluster, node: ClusterNode) => string[];
  /** What its arguments name beside its kubeconfig and the CAs. */
  readonly files?: readonly string[];
  /** Paths of its health checks. */
  readonly health: { readonly liveness: string; readonly readiness: string };
  /** CPU that its pod asks for. */
  readonly cpu: string;
}

/** Such a program as a static pod or a unit, as kubeadm's, or nowhere: k3s brings its own. */
export function leadingProgram(program: LeadingProgram): Component {
  const { name, identity, port } = program;
  const hostPaths = [
    ...hostFiles(kubeconfigPath(identity), CLUSTER_CA, FRONT_PROXY_CA, ...(program.files ?? [])),
    ...keyPairFiles(`${PKI}/${identity}`),
  ];
  return {
    name,
    check: (cluster) =>
      checkProgramArguments(cluster, name, program.owned, cluster.controlPlaneNodes, program.arguments),
    plan(cluster, node) {
      const form = formOf(cluster, node);
      if (form.length === 0) return [];
      return [
        ...form,
        ...ownedBy(cluster, name, apiClientFiles(cluster, node, identity, identity, [restartOf(cluster, name)])),
        { kind: 'port', protocol: 'tcp', port, purpose: name, from: 'loopback' },
      ];
    },
    kubeadm: (cluster, node) => ({ kind: 'program', name, arguments: program.arguments(cluster, node), hostPaths }),
  };

  function formOf(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
    if (!isControlPlane(node)) return [];
    const image = pinnedImage(cluster, `registry.k8s.io/${name}:v${cluster.versions.kubernetes}`);
    switch (cluster.controlPlane.runs) {
      case 'static-pods':
        return [
          { kind: 'file', path: `${MANIFESTS}/${name}.yaml`, mode: 0o600, content: manifest(cluster, node, image) },
          { kind: 'image', reference: image },
        ];
      case 'systemd':
        return [...kubernetesPrograms(cluster, node, [name]), ...unit(cluster, node)];
      case 'kubeadm':
        return [{ kind: 'image', reference: image }];
      case 'k3s':
        return [];
    }
  }

  function unit(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
    return programUnit(cluster, {
      name,
      description: program.description,
      documentation: `https://kubernetes.io/docs/reference/command-line-tools-reference/${name}/`,
      program: `${BIN}/${name}`,
      arguments: program.arguments(cluster, node),
      notifies: false,
      // It ends where no API server answers.
      after: ['kube-apiserver.service'],
      port,
    });
  }

  function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
    return staticPod({
      name,
      image,
      command: [name, ...program.arguments(cluster, node)],
      hostPaths,
      liveness: { path: program.health.liveness, port, scheme: 'HTTPS' },
      readiness: { path: program.health.readiness, port, scheme: 'HTTPS' },
      startupSeconds: 300,
      requests: { cpu: program.cpu, memory: '128Mi' },
      node,
    });
  }
}
