import { access } from './access/access.ts';
import { calico } from './calico/calico.ts';
import { certificateRenewal } from './certificate-renewal/certificate-renewal.ts';
import { cilium } from './cilium/cilium.ts';
import type { Component } from './component.ts';
import { containerd } from './containerd/containerd.ts';
import { corosync } from './corosync/corosync.ts';
import { coredns } from './coredns/coredns.ts';
import { etcd } from './etcd/etcd.ts';
import { flannel } from './flannel/flannel.ts';
import { glusterfs } from './glusterfs/glusterfs.ts';
import { haproxy } from './haproxy/haproxy.ts';
import { keepalived } from './keepalived/keepalived.ts';
import { grafana } from './grafana/grafana.ts';
import { k3s } from './k3s/k3s.ts';
import { kubeApiserver } from './kube-apiserver/kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager/kube-controller-manager.ts';
import { kubeProxy } from './kube-proxy/kube-proxy.ts';
import { kubeScheduler } from './kube-scheduler/kube-scheduler.ts';
import { kubeadm } from './kubeadm/check.ts';
import { kubeVip } from './kube-vip/kube-vip.ts';
import { kubelet } from './kubelet/kubelet.ts';
import { openstackCloudControllerManager } from './openstack-cloud-controller-manager/openstack-cloud-controller-manager.ts';
import { pacemaker } from './pacemaker/pacemaker.ts';
import { publishedServices } from './published-services/published-services.ts';
import { prometheus } from './prometheus/prometheus.ts';
import { system } from './system/system.ts';

/** From the machine upwards to what runs in the cluster. The order changes nothing but the order of reading. */
export const components: readonly Component[] = [
  system,
  containerd,
  kubelet,
  kubeadm,
  k3s,
  etcd,
  kubeApiserver,
  kubeControllerManager,
  kubeScheduler,
  haproxy,
  keepalived,
  corosync,
  pacemaker,
  kubeVip,
  publishedServices,
  certificateRenewal,
  access,
  kubeProxy,
  coredns,
  flannel,
  calico,
  cilium,
  glusterfs,
  openstackCloudControllerManager,
  prometheus,
  grafana,
];
