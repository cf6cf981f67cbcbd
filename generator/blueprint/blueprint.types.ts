/* Made from blueprint.schema.json by `npm run build`. Do not edit. */

/**
 * A disk of its own for etcd, by a path that stays the same. Formatted only when it has no filesystem.
 */
export type Disk = string;
export type Host = string;
/**
 * The virtual IPs, one of each family, of an endpoint of type keepalived, pacemaker or kube-vip. Default: the internal host.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Addresses = string | string[];
/**
 * The virtual IPs, one of each family, at which services are published.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Addresses1 = string | string[];
/**
 * The network that the nodes' addresses lie in.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Networks = string | string[];
/**
 * Pod addresses; each node gets a part of it. Default: 10.244.0.0/16, fd00:10:244::/56.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Networks1 = string | string[];
/**
 * Service addresses. Default: 10.96.0.0/16, fd00:10:96::/112.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Networks2 = string | string[];
/**
 * control-plane: runs the control plane, and etcd unless other nodes have the role etcd. worker: runs workloads. etcd: a member of etcd. load-balancer: serves published services, or the API where the endpoint's holders say so. storage: holds a part of the replicated volume. Both control-plane and worker: the control plane takes workloads too.
 *
 * @minItems 1
 */
export type Roles = ('control-plane' | 'worker' | 'etcd' | 'load-balancer' | 'storage')[];
/**
 * The node's own address; a pair of IPv4 and IPv6 for dual stack.
 *
 * @minItems 1
 * @maxItems 2
 */
export type Addresses2 = string | string[];
/**
 * The failure domain; becomes the label topology.kubernetes.io/zone.
 */
export type Zone = string;
/**
 * Taints that the node registers with, in place of those that its roles bring.
 */
export type Taints = {
  /**
   * The taint’s key.
   */
  key: string;
  /**
   * The taint’s value. Default: none.
   */
  value?: string;
  /**
   * What becomes of pods that do not tolerate it.
   */
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}[];
export type Argument = string | number | boolean;
export type Label = string;
export type HttpUrl = string;

/**
 * One highly available Kubernetes cluster: everything that its machines must be told.
 */
export interface Blueprint {
  /**
   * The format of this file.
   */
  apiVersion: 'triskel/v1';
  /**
   * Names the cluster, its output folder and every cloud resource.
   */
  name: string;
  /**
   * Fragments, relative to this file, that this blueprint is laid over. Later ones win over earlier ones, this file over all; maps merge, lists replace.
   */
  extends?: string[];
  /**
   * Which Kubernetes is run.
   */
  kubernetes?: {
    /**
     * The exact release, without a leading v. Default: the newest patch of the default minor version that the version data knows.
     */
    version?: string;
  };
  /**
   * Files of facts about versions, relative to the blueprint, that are laid over those that come with Triskel: new releases, checksums, flags. docs/versions.md describes them.
   */
  facts?: string[];
  /**
   * How the control plane runs.
   */
  controlPlane?: {
    /**
     * static-pods: etcd, API server, controller-manager and scheduler as static pods under the kubelet. systemd: the same programs as units of the machine. kubeadm: as static pods that kubeadm makes. k3s: within k3s servers. Default: static-pods.
     */
    runs?: 'static-pods' | 'systemd' | 'kubeadm' | 'k3s';
    /**
     * The port on which every control-plane node's own API server listens. Default: 6443.
     */
    port?: number;
    /**
     * The API server that the control-plane nodes' own kubelet, controller-manager and scheduler use. local: the one on the same machine, which is never newer or older than they are. endpoint: whichever the endpoint leads to. Default: local.
     */
    uses?: 'local' | 'endpoint';
  };
  /**
   * etcd. Its members are the nodes of role etcd, or else the control-plane nodes.
   */
  etcd?: {
    disk?: Disk;
  };
  /**
   * How the API is reached. Every address here is in the API server's certificate. May be left out with a single control-plane node: then that node's own address is the endpoint.
   */
  endpoint?: {
    /**
     * keepalived, pacemaker, kube-vip: a virtual IP on one of the holders, moved by that program. openstack-load-balancer: an Octavia load balancer. external: a load balancer that somebody else runs. loopback: every node balances for itself, with haproxy on its loopback address; no machine or address is needed beside the nodes.
     */
    type: 'keepalived' | 'pacemaker' | 'kube-vip' | 'openstack-load-balancer' | 'external' | 'loopback';
    /**
     * host:port that the nodes use. With a virtual IP the host is that IP; with loopback it is 127.0.0.1 or ::1.
     */
    internal: string;
    /**
     * host:port that operators use. Default: the address of `floatingIp` with the internal port, else the internal one.
     */
    external?: string;
    /**
     * The floating IP of the cloud that leads to the load balancer or the virtual IP: the address of a reserved one, or `new` for one that `boot` makes and `destroy` gives back. `status` has its address, which is not in the API server's certificate: kubeconfigs for it name the internal host as what the certificate must be of. Default: the external host, where it is an IPv4 address and not the internal one.
     */
    floatingIp?: string;
    /**
     * Further names and addresses for the API server's certificate.
     */
    names?: Host[];
    virtualIps?: Addresses;
    /**
     * The nodes that may hold the virtual IPs: the control plane itself, or the nodes of role load-balancer, which then balance to it. Default: control-plane.
     */
    holders?: 'control-plane' | 'load-balancer';
    /**
     * haproxy: what listens at the endpoint's port is haproxy, which spreads connections over all API servers that are ready. none: the endpoint's port is that of the API server on the holder. Default: haproxy with keepalived and loopback, none with pacemaker and kube-vip; haproxy wherever the holders are of role load-balancer.
     */
    balancer?: 'haproxy' | 'none';
    /**
     * VRRP's virtual router ID, which no other router on the nodes' network may use (RFC 9568, 5.2.3). Default: the last octet of the virtual IP.
     */
    virtualRouterId?: number;
  };
  /**
   * Services of the cluster that are served outside of it: the nodes of role load-balancer balance each NodePort service with the annotation triskel.dev/publish to the workers, at virtual IPs that keepalived moves between them.
   */
  publishedServices?: {
    virtualIps: Addresses1;
    /**
     * The ports at which services may be published: the firewall lets them through, and no service gets another. Default: 80 and 443.
     *
     * @minItems 1
     */
    ports?: (number | string)[];
    /**
     * VRRP's virtual router ID of these virtual IPs. Default: the last octet of the first one.
     */
    virtualRouterId?: number;
    /**
     * The floating IP of the cloud that leads to the virtual IP: the address of a reserved one, or `new` for one that `boot` makes and `destroy` gives back. Default: none.
     */
    floatingIp?: string;
  };
  /**
   * The cluster's networks. One CIDR, or a pair of IPv4 and IPv6 for dual stack; the first family is the primary one.
   */
  network: {
    nodes: Networks;
    pods?: Networks1;
    services?: Networks2;
    /**
     * The pod network. none: the blueprint's own manifests bring one. Default: flannel.
     */
    plugin?: 'flannel' | 'calico' | 'cilium' | 'none';
    /**
     * The cluster's DNS domain. Default: cluster.local.
     */
    dnsDomain?: string;
    /**
     * Ports of NodePort services. Default: 30000-32767.
     */
    nodePorts?: string;
    /**
     * The interface that has the nodes' addresses, where all nodes agree on one. Default: found on each node, by its address.
     */
    interface?: string;
    /**
     * The nodes that every node's /etc/hosts names beside itself. control-plane: the control plane and etcd's members. all: every node; each node's payload then grows with the cluster. Default: control-plane.
     */
    hosts?: 'control-plane' | 'all';
  };
  /**
   * A host firewall on every node: a table of nftables that lets in what the node's own ports are for, from whom they are for, and drops the rest. It does not filter what leaves the node or passes through it, but for the cloud's metadata service. docs/firewall.md.
   */
  firewall?: {
    /**
     * Default: false, for clouds filter already, and a program of yours on a node's own network would be cut off without a word.
     */
    enabled?: boolean;
    /**
     * The networks that may reach port 22. Default: everybody.
     *
     * @minItems 1
     */
    ssh?: string[];
    /**
     * Further ports that are let in on every node, such as those of programs on the nodes' own network; in the security groups of a cloud, too, with and without a host firewall.
     */
    allow?: {
      /**
       * A port, or a range.
       */
      port: number | string;
      /**
       * Default: tcp.
       */
      protocol?: 'tcp' | 'udp';
      /**
       * Who may reach it. Default: everybody.
       *
       * @minItems 1
       */
      from?: string[];
    }[];
    /**
     * Whether pods may reach the cloud's metadata service (169.254.169.254, fd00:ec2::254), which may hand out the node's user data and identity. Pods on the nodes' own network always may. Default: false.
     */
    metadataForPods?: boolean;
  };
  os?: Os;
  cloudInit?: CloudInit;
  /**
   * Who may log in to the nodes.
   */
  access?: {
    /**
     * Accounts with SSH keys; passwords are locked.
     */
    users?: {
      /**
       * The account's name.
       */
      name: string;
      /**
       * Public keys, one a line of authorized_keys.
       */
      sshKeys: string[];
      /**
       * May become root without a password. Default: true.
       */
      sudo?: boolean;
    }[];
  };
  /**
   * The machines, by name.
   */
  nodes?: {
    /**
     * Host name, Kubernetes node name, certificate name and cloud server name, all at once.
     */
    name: string;
    roles: Roles;
    address: Addresses2;
    /**
     * The interface that has the node's address. Default: found on the node, by its address.
     */
    interface?: string;
    zone?: Zone;
    os?: Os;
    cloudInit?: CloudInit;
    labels?: Labels;
    taints?: Taints;
    etcd?: NodeEtcd;
    components?: NodeComponents;
    /**
     * The floating IP of the cloud that leads to this node: the address of a reserved one, or `new` for one that `boot` makes and `destroy` gives back. Default: none.
     */
    floatingIp?: string;
    server?: Server;
  }[];
  /**
   * Nodes that differ in number and address only: <name>0, <name>1, …
   */
  nodeGroups?: {
    /**
     * Beginning of the nodes' names.
     */
    name: string;
    /**
     * How many nodes.
     */
    count: number;
    roles: Roles;
    /**
     * The range that the nodes' addresses are taken from in order; a pair for dual stack.
     *
     * @minItems 1
     * @maxItems 2
     */
    addresses: string | string[];
    /**
     * The interface that has the node's address. Default: found on the node, by its address.
     */
    interface?: string;
    /**
     * Failure domains that the nodes take turns in.
     *
     * @minItems 1
     */
    zones?: Zone[];
    os?: Os;
    cloudInit?: CloudInit;
    labels?: Labels;
    taints?: Taints;
    etcd?: NodeEtcd;
    components?: NodeComponents;
    server?: Server;
  }[];
  /**
   * Each component's own options.
   */
  components?: {
    /**
     * Calico, where network.plugin is calico: the pod network and its policies, with Kubernetes as the datastore.
     */
    calico?: {
      /**
       * vxlan: packets between nodes travel inside UDP. none: plain routes, which nodes tell each other by BGP; for nodes on one layer-2 network that lets pods' addresses pass. Cannot be changed later. Default: vxlan.
       */
      encapsulation?: 'vxlan' | 'none';
      /**
       * MTU of the pods' interfaces, in bytes. Default: what Calico finds on the nodes' own interfaces.
       */
      mtu?: number;
    };
    /**
     * Cilium, where network.plugin is cilium: the pod network and its policies. kube-proxy stays.
     */
    cilium?: {
      /**
       * vxlan: packets between nodes travel inside UDP. native: plain routes, for nodes on one layer-2 network that lets pods' addresses pass. Default: vxlan.
       */
      routing?: 'vxlan' | 'native';
      /**
       * MTU of the network under the pods, in bytes. Default: what Cilium finds on the nodes' own interfaces.
       */
      mtu?: number;
    };
    /**
     * containerd.
     */
    containerd?: {
      /**
       * The containerd that is run. Default: the one that goes with the Kubernetes version.
       */
      version?: string;
    };
    /**
     * CoreDNS: the cluster's DNS.
     */
    coredns?: {
      /**
       * How many servers. Default: 2, or 1 where only one node can run them.
       */
      replicas?: number;
      /**
       * DNS servers that are asked for names outside the cluster. Default: those of the node that the server runs on.
       *
       * @minItems 1
       * @maxItems 15
       */
      upstream?: string[];
    };
    /**
     * corosync: who belongs to the cluster that moves the virtual IP, where endpoint.type is pacemaker.
     */
    corosync?: {
      /**
       * Names of nodes that are full members beside the holders of the virtual IP, and never run a resource: their votes decide which side goes on when the holders cannot reach each other.
       *
       * @minItems 1
       */
      tieBreakers?: Label[];
      /**
       * Node IDs by the node's name. Never change that of a running member. Default: the place of the node's address in its network (10.0.0.43 in 10.0.0.0/24: 43), which stays when nodes come and go.
       */
      nodeIds?: {
        [k: string]: number;
      };
      /**
       * How long a member may be silent before the others go on without it, in milliseconds, whatever their number (`token_coefficient: 0`). Default: 3000.
       */
      tokenMilliseconds?: number;
      /**
       * UDP port of the first link; the second one, where nodes have addresses of both families, takes the next. Default: 5405.
       */
      port?: number;
      /**
       * A quorum device: a vote from a corosync-qnetd outside of the cluster. What it needs of you stands in docs/pacemaker.md.
       */
      qdevice?: {
        /**
         * Where corosync-qnetd runs; on none of the members.
         */
        host: string;
        /**
         * TCP port of corosync-qnetd. Default: 5403.
         */
        port?: number;
        /**
         * ffsplit: of two halves exactly one goes on; for an even number of members. lms: the last member standing goes on. Default: ffsplit with an even number of members, else lms.
         */
        algorithm?: 'ffsplit' | 'lms';
        /**
         * The certificate of corosync-qnetd's CA, in PEM: what `openssl x509 -in /etc/corosync/qnetd/nssdb/qnetd-cacert.crt` prints on its host.
         */
        ca: string;
      };
    };
    /**
     * etcd.
     */
    etcd?: {
      /**
       * Milliseconds between the leader's heartbeats; about the round trip between the members. Default: 100.
       */
      heartbeatInterval?: number;
      /**
       * Milliseconds without a heartbeat after which a new leader is elected; at least five heartbeats. Default: 1000.
       */
      electionTimeout?: number;
      /**
       * Size of the database at which etcd refuses writes. etcd's own advice is 8 at most. Default: 8.
       */
      quotaGiB?: number;
      /**
       * The etcd that is run. Default: the one that goes with the Kubernetes version.
       */
      version?: string;
      extraArguments?: ExtraArguments1;
    };
    /**
     * flannel, where network.plugin is flannel: the pod network.
     */
    flannel?: {
      /**
       * vxlan: packets between nodes travel inside UDP. host-gw: plain routes, for nodes on one layer-2 network that lets pods' addresses pass (on OpenStack: ports without port security). Cannot be changed later. Default: vxlan.
       */
      backend?: 'vxlan' | 'host-gw';
    };
    /**
     * GlusterFS: a replicated volume on the nodes of role storage, mounted by all workers.
     */
    glusterfs?: {
      /**
       * The volume's name. Default: data.
       */
      volume?: string;
      /**
       * With two nodes of role storage, the name of a third node that decides between them; it keeps names and attributes of files, no content. Default: none.
       */
      arbiter?: string;
      /**
       * A disk of its own for etcd, by a path that stays the same. Formatted only when it has no filesystem.
       */
      disk?: string;
      /**
       * Local PersistentVolumes of the storage class glusterfs, each a folder of the volume that every worker has. Default: none.
       *
       * @minItems 1
       */
      persistentVolumes?: {
        /**
         * Name of the PersistentVolume, and of its folder in the volume.
         */
        name: string;
        /**
         * What claims are matched by; nothing keeps pods to it.
         */
        size: string;
      }[];
    };
    /**
     * Grafana as an add-on, where this key is there: behind HTTPS with a certificate of the cluster's CA, with Prometheus as its source where that runs, and a dashboard of the cluster. Its user is admin; the password is in the secrets.
     */
    grafana?: {
      /**
       * The port on every node, and so at a virtual IP, where it is reached by HTTPS. Default: 30300.
       */
      nodePort?: number;
      storage?: AddonStorage;
    };
    /**
     * haproxy, wherever endpoint.balancer or publishedServices asks for it.
     */
    haproxy?: {
      /**
       * systemd: a unit with the distribution's package. static-pod: a pod of the kubelet, which the node must have. Default: systemd where the system has a package manager, static-pod on Flatcar and Fedora CoreOS.
       */
      runs?: 'systemd' | 'static-pod';
      /**
       * The image of the static pod, with its tag. Default: docker.io/library/haproxy, in the version that Triskel was tested with.
       */
      image?: string;
      /**
       * How connections are spread over the API servers. They live long: with leastconn, a server that comes back gets the next ones. Default: leastconn.
       */
      balance?: 'leastconn' | 'roundrobin' | 'source' | 'first';
      /**
       * Connections at a time. Default: 4000, or 10 for each node of the cluster where that is more.
       */
      maxConnections?: number;
      /**
       * The port of the loopback at which haproxy says whether it is alive (/livez) and whether an API server is ready (/readyz). Default: 8404.
       */
      healthPort?: number;
      /**
       * Seconds between two checks of one API server. Default: 2.
       */
      checkInterval?: number;
      /**
       * Seconds that a check may take. An API server that waits for etcd answers after two. Default: 3.
       */
      checkTimeout?: number;
      /**
       * Checks that must fail before an API server gets no connections, and those it has are closed. Default: 3.
       */
      checkFall?: number;
      /**
       * Checks that must succeed before it gets connections again. Default: 2.
       */
      checkRise?: number;
      /**
       * Seconds that connecting to an API server may take before another one is tried. Default: 2.
       */
      connectTimeout?: number;
      /**
       * Hours that a connection may be silent: a watch on which nothing happens is. Default: 24.
       */
      tunnelTimeout?: number;
    };
    /**
     * k3s, where controlPlane.runs is k3s: servers on the control plane, agents on all other nodes.
     */
    k3s?: {
      /**
       * Which build of k3s for the Kubernetes version: 2 of 1.33.13+k3s2. Default: the newest that the version data know, or 1.
       */
      revision?: number;
      /**
       * Where the images of k3s' own components come from. registry: docker.io, or what registries.mirrors has in its place. archive: k3s-airgap-images-<arch>.tar.zst of the release, which every node fetches as it fetches k3s, so that it pulls none of them. Default: registry.
       */
      images?: 'registry' | 'archive';
      /**
       * Seconds for which the first server asks the endpoint and every other server whether the cluster is there already, before it begins a new one. Default: 60.
       */
      initialWait?: number;
      /**
       * Further keys of /etc/rancher/k3s/config.yaml on the servers: options of `k3s server` without their dashes. `disable` is added to what Triskel disables.
       */
      server?: {};
      /**
       * Further keys of /etc/rancher/k3s/config.yaml on every node, the servers included: options of `k3s agent` without their dashes.
       */
      agent?: {};
    };
    /**
     * keepalived, wherever it moves a virtual IP.
     */
    keepalived?: {
      /**
       * systemd: a unit with the distribution's package. static-pod: a pod of the kubelet, which the node must have. Default: systemd where the system has a package manager, static-pod on Flatcar and Fedora CoreOS.
       */
      runs?: 'systemd' | 'static-pod';
      /**
       * The image of the static pod, with its tag; it has keepalived, sh and curl. Default: docker.io/osixia/keepalived, as kubeadm's documentation has it.
       */
      image?: string;
      /**
       * The router_id, by which keepalived calls the machine in messages. Default: the node's name.
       */
      routerId?: string;
      /**
       * True: a virtual IP stays where it is when a node with a higher priority comes back. False: it goes to the first of the nodes that are well, and so moves once more. Default: true.
       */
      nopreempt?: boolean;
      /**
       * Seconds between two adverts of the holder; after three of them and a part of one, another node takes the virtual IP. Default: 1.
       */
      advertInterval?: number;
      /**
       * Seconds between two checks whether the API is served here. Default: 2.
       */
      checkInterval?: number;
      /**
       * Seconds that a check may take. Default: 2.
       */
      checkTimeout?: number;
      /**
       * Checks that must fail before the node gives the virtual IP up. Default: 3.
       */
      checkFall?: number;
      /**
       * Checks that must succeed before the node may hold it. Default: 2.
       */
      checkRise?: number;
      /**
       * none: whoever may send to the nodes is kept out by their firewall. pass: VRRP version 2's password of eight characters, made by Triskel; it is sent in the clear (RFC 3768 took it out), and IPv6 has none. Default: none.
       */
      authentication?: 'none' | 'pass';
    };
    /**
     * kube-apiserver.
     */
    'kube-apiserver'?: {
      /**
       * How long events are kept. Default: 1h.
       */
      eventTtl?: string;
      /**
       * Admission plugins beside Kubernetes' own default set and NodeRestriction.
       */
      admissionPlugins?: string[];
      extraArguments?: ExtraArguments2;
      /**
       * Issuers whose tokens (OpenID Connect) the API server takes: entries of jwt in its AuthenticationConfiguration. They stand in place of the flags --oidc-….
       *
       * @maxItems 64
       */
      jwt?: {
        /**
         * Who signs the tokens.
         */
        issuer: {
          /**
           * As it stands in the tokens.
           */
          url: string;
          /**
           * Where the keys are found, if not below the issuer.
           */
          discoveryURL?: string;
          /**
           * CA certificates (PEM) that the issuer's certificate is checked against. Default: those of the image.
           */
          certificateAuthority?: string;
          /**
           * Audiences of which a token has one.
           *
           * @minItems 1
           */
          audiences: string[];
          /**
           * Needed with more than one audience.
           */
          audienceMatchPolicy?: 'MatchAny';
        };
        /**
         * What a token says of its user.
         */
        claimMappings: {
          /**
           * The user: a claim with its prefix, or an expression.
           */
          username: {
            /**
             * The claim.
             */
            claim?: string;
            /**
             * Stands before it; may be empty.
             */
            prefix?: string;
            /**
             * In CEL.
             */
            expression?: string;
          };
          /**
           * The groups, in the same way.
           */
          groups?: {
            /**
             * The claim.
             */
            claim?: string;
            /**
             * Stands before each; may be empty.
             */
            prefix?: string;
            /**
             * In CEL.
             */
            expression?: string;
          };
          /**
           * The user’s id.
           */
          uid?: {
            /**
             * The claim.
             */
            claim?: string;
            /**
             * In CEL.
             */
            expression?: string;
          };
          /**
           * Further attributes.
           */
          extra?: {
            /**
             * Its name, below a domain.
             */
            key: string;
            /**
             * In CEL.
             */
            valueExpression: string;
          }[];
        };
        /**
         * What a token must say.
         */
        claimValidationRules?: {
          /**
           * A claim that must be there.
           */
          claim?: string;
          /**
           * Its value.
           */
          requiredValue?: string;
          /**
           * In CEL; true lets the token in.
           */
          expression?: string;
          /**
           * Said where it is not.
           */
          message?: string;
        }[];
        /**
         * What the user that results must be like.
         */
        userValidationRules?: {
          /**
           * In CEL.
           */
          expression: string;
          /**
           * Said where it is not.
           */
          message?: string;
        }[];
      }[];
    };
    /**
     * kube-controller-manager.
     */
    'kube-controller-manager'?: {
      extraArguments?: ExtraArguments3;
    };
    /**
     * kube-proxy: services on every node.
     */
    'kube-proxy'?: {
      /**
       * How services are written into the kernel; flannel's masquerading follows. nftables needs Linux 5.13; ipvs is deprecated since Kubernetes 1.35. Default: nftables.
       */
      mode?: 'nftables' | 'iptables' | 'ipvs';
      /**
       * Connections that the kernel tracks at most, for each CPU of a node; 0 leaves the kernel's own limit. Default: 32768.
       */
      conntrackMaxPerCore?: number;
      /**
       * Fields of KubeProxyConfiguration, laid over those that Triskel writes: maps merge, lists replace.
       */
      configuration?: {};
    };
    /**
     * kube-scheduler.
     */
    'kube-scheduler'?: {
      extraArguments?: ExtraArguments4;
    };
    /**
     * kube-vip, where endpoint.type asks for it.
     */
    'kube-vip'?: {
      /**
       * Its image, with its tag. Default: ghcr.io/kube-vip/kube-vip, in the version that Triskel's facts have.
       */
      image?: string;
      /**
       * Seconds after which another node takes the virtual IP from a holder that has not renewed its lease. Renewing is given up after two thirds of it, and tried every fifth. Default: 5.
       */
      leaseDuration?: number;
    };
    /**
     * kubeadm, where controlPlane.runs is kubeadm.
     */
    kubeadm?: {
      /**
       * certificates: every node comes with its own certificates, and no CA key is on any node. token: control-plane nodes hold the key of the cluster's CA, and kubelets of workers get and renew their client certificates with a bootstrap token; machines that are not in the blueprint may join, too. Default: certificates.
       */
      join?: 'certificates' | 'token';
      /**
       * With join: token: hours from the cluster's first start after which the token is no longer taken. Default: 24.
       */
      tokenHours?: number;
    };
    /**
     * The kubelet.
     */
    kubelet?: {
      /**
       * Pods that the node takes at most. Default: 110.
       */
      maxPods?: number;
      /**
       * Kept for the operating system. Default: cpu 100m, memory 256Mi.
       */
      systemReserved?: {
        /**
         * CPU, in cores or thousandths of one. Default: 100m.
         */
        cpu?: string;
        /**
         * Memory. Default: 256Mi.
         */
        memory?: string;
      };
      /**
       * Fields of KubeletConfiguration, laid over those that Triskel writes: maps merge, lists replace.
       */
      configuration?: {};
      extraArguments?: ExtraArguments;
    };
    /**
     * The OpenStack cloud controller, where cloud.openstack is given: it introduces nodes and makes load balancers for services.
     */
    'openstack-cloud-controller-manager'?: {
      /**
       * CA certificates (PEM) that the cloud's own certificates are checked against. Default: the public ones that the image brings.
       */
      ca?: string;
      /**
       * Services' load balancers get no floating IP unless the service asks for one. Default: false.
       */
      internalLoadBalancers?: boolean;
    };
    /**
     * Pacemaker: how it moves the virtual IP, where endpoint.type is pacemaker.
     */
    pacemaker?: {
      /**
       * What switches a node off that the others have lost: fencing devices, or the word none. No default: it must be said.
       *
       * @minItems 1
       */
      fencing?:
        | string
        | {
            /**
             * The resource's name.
             */
            name: string;
            /**
             * The fence agent; `stonith_admin --list-installed` lists them.
             */
            agent: string;
            /**
             * Names of the nodes that the device can switch off.
             *
             * @minItems 1
             */
            nodes: Label[];
            /**
             * The agent's parameters; `pcs stonith describe` or `crm_resource --show-metadata stonith:<agent>` lists them. Nothing secret. Default: none.
             */
            parameters?: {
              [k: string]: string | number | boolean;
            };
            /**
             * Parameters whose values are secret: each is entered with `triskel secrets set <blueprint> fencing/<device>.<parameter>`, with hyphens for underscores. Default: none.
             *
             * @minItems 1
             */
            secrets?: string[];
          }[];
      /**
       * Length of the IPv4 virtual IP's prefix, in bits. Default: that of the nodes' network.
       */
      netmask?: number;
      /**
       * How often Pacemaker looks whether the virtual IP is there, in seconds. Default: 30.
       */
      monitorSeconds?: number;
      /**
       * How much a resource would rather stay where it is. Below 10, the virtual IP returns to its first holder when that one is back. Default: 100.
       */
      resourceStickiness?: number;
      /**
       * Failures of the virtual IP on one node after which it goes elsewhere. Default: 3.
       */
      migrationThreshold?: number;
      /**
       * After how many seconds without a new one failures are forgotten. Default: 60.
       */
      failureTimeoutSeconds?: number;
      /**
       * With controlPlane.runs: systemd, how the programs of the control plane are cloned. group: as one group (kubernetes-master), which starts and stops in order on each node. separate: one by one. Default: group.
       */
      controlPlane?: 'group' | 'separate';
      /**
       * With controlPlane.runs: systemd, how long a program of the control plane may take to start, in seconds; longer than the API server really takes, which waits for etcd. Default: 300.
       */
      startTimeoutSeconds?: number;
      /**
       * Raised when a running cluster shall take changed resources: a node never writes resources of a lower revision than those that are there. Default: 1.
       */
      revision?: number;
    };
    /**
     * Prometheus as an add-on, where this key is there: it watches the API servers, kubelets, containers, the cluster's DNS, k3s' etcd, and whatever asks to be watched by the annotation prometheus.io/scrape. It takes clients with a certificate of the cluster alone.
     */
    prometheus?: {
      /**
       * The port on every node, and so at a virtual IP, where it is reached by HTTPS. Default: 30090.
       */
      nodePort?: number;
      /**
       * Days for which it keeps what it has seen. Default: 15.
       */
      retentionDays?: number;
      /**
       * Seconds from one look to the next. Default: 30.
       */
      scrapeSeconds?: number;
      /**
       * Memory that it may take. Default: 2Gi.
       */
      memoryLimit?: string;
      /**
       * Whether node_exporter runs on every node, for what the kernel says of processors, memory, disks and networks. Default: false.
       */
      nodeExporter?: boolean;
      storage?: AddonStorage;
    };
  };
  /**
   * Where container images come from.
   */
  registries?: {
    /**
     * Mirrors that containerd asks before the registry itself.
     */
    mirrors?: {
      /**
       * The registry that is mirrored.
       */
      registry: string;
      /**
       * The mirrors, tried in order.
       *
       * @minItems 1
       */
      endpoints: HttpUrl[];
      /**
       * CA certificates (PEM) that the mirrors' certificates are checked against.
       */
      ca?: string;
      /**
       * Never ask the registry itself. Default: false.
       */
      onlyMirrors?: boolean;
    }[];
  };
  /**
   * HTTP proxies for what nodes fetch: containerd, kubelet, downloads. Cluster networks and nodes are exempt by themselves.
   */
  proxy?: {
    /**
     * Proxy for http.
     */
    http?: string;
    /**
     * Proxy for https.
     */
    https?: string;
    /**
     * Names, addresses and networks that are reached directly.
     */
    exempt?: string[];
  };
  /**
   * Clock synchronisation.
   */
  time?: {
    /**
     * What keeps the clock. Default: the operating system's own, systemd-timesyncd on Flatcar, Debian and Ubuntu, chrony on Fedora CoreOS and Rocky Linux.
     */
    daemon?: 'chrony' | 'systemd-timesyncd';
    /**
     * NTP servers. Default: the operating system's own choice, where pools names none either.
     *
     * @minItems 1
     */
    servers?: Host[];
    /**
     * Names behind which there are many NTP servers, of which several are asked.
     *
     * @minItems 1
     */
    pools?: Host[];
    /**
     * Whom nodes ask. servers: each node asks the servers and pools. control-plane: control-plane nodes ask them, and each other, and all other nodes ask the control-plane nodes, which keep one common time while no server answers; chrony only. Default: servers.
     */
    source?: 'servers' | 'control-plane';
  };
  /**
   * The API server's audit log, /var/log/kubernetes/audit/audit.log on every control-plane node.
   */
  audit?: {
    /**
     * Default: true.
     */
    enabled?: boolean;
    /**
     * Days that a rotated log is kept. Default: 30.
     */
    maxAge?: number;
    /**
     * Rotated logs that are kept. Default: 3.
     */
    maxBackups?: number;
    /**
     * Megabytes at which the log is rotated. Default: 100.
     */
    maxSize?: number;
  };
  /**
   * What the API server encrypts before it writes it to etcd.
   */
  encryptionAtRest?: {
    /**
     * The cipher. none: secrets lie in etcd as they are. Default: secretbox.
     */
    provider?: 'secretbox' | 'aesgcm' | 'none';
    /**
     * Resources to encrypt. Default: secrets.
     *
     * @minItems 1
     */
    resources?: string[];
  };
  /**
   * Keys and certificates.
   */
  pki?: {
    /**
     * Of every key pair. Default: ecdsa-p256.
     */
    algorithm?: 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';
    /**
     * Lifetime of the CAs in years. Default: 10.
     */
    caYears?: number;
    /**
     * Lifetime of all other certificates in days. Default: 1095, three years.
     */
    leafDays?: number;
  };
  /**
   * Where nodes get kubelet, kubectl, CNI plugins and the like.
   */
  binaries?: {
    /**
     * download: fetched by https at first boot, checked against their sha256. image: the machine image has everything at its place already. Default: download.
     */
    source?: 'download' | 'image';
    /**
     * A base URL that stands in for every upstream: <mirror>/<upstream host>/<upstream path>.
     */
    mirror?: string;
    /**
     * CA certificates (PEM) that the mirror's certificate is checked against.
     */
    mirrorCa?: string;
  };
  /**
   * Where Debian, Ubuntu and Rocky Linux get packages.
   */
  packages?: {
    /**
     * repositories: installed at first boot. image: the machine image has all of them; a missing one ends the first boot. Default: repositories.
     */
    source?: 'repositories' | 'image';
    /**
     * A base URL that stands in for the distributions' servers: <mirror>/<upstream host>/<upstream path>. The image's own repositories are not asked then. Packages are checked against the distribution's keys, over http, too.
     */
    mirror?: string;
  };
  /**
   * true: the nodes reach nothing outside. Every program, package, image and time server must then come from a mirror that the blueprint names, or it is an error. Default: false.
   */
  airGapped?: boolean;
  /**
   * Manifests that the control-plane nodes apply once.
   */
  addons?: {
    /**
     * Raise it when the add-ons change and running clusters shall take the change: nodes apply a set only when its Kubernetes version and revision are newer. Default: 1.
     */
    revision?: number;
    /**
     * Files of Kubernetes manifests, relative to the blueprint.
     */
    manifests?: string[];
  };
  /**
   * The cloud that the machines run on.
   */
  cloud?: {
    /**
     * OpenStack: what `boot` makes there, and what the cloud controller is told.
     */
    openstack?: {
      /**
       * The entry of clouds.yaml that `boot` uses. Default: what the environment says (OS_CLOUD, or OS_AUTH_URL and the like).
       */
      cloud?: string;
      /**
       * Keystone, as the cloud controller on the nodes reaches it.
       */
      authUrl: string;
      /**
       * The region's name.
       */
      region?: string;
      /**
       * Image of the servers, by name or id.
       */
      image?: string;
      /**
       * Flavor of the servers, by name or id.
       */
      flavor?: string;
      /**
       * Network of the floating IPs, by name or id.
       */
      externalNetwork?: string;
      /**
       * A volume of its own for etcd on every member; found on the node by the volume's id.
       */
      etcdVolume?: {
        /**
         * Size of the volume.
         */
        size: string;
        /**
         * Volume type. Default: the cloud's own.
         */
        type?: string;
        /**
         * The volume's availability zone, or `server` for that of the node's server, where the cloud attaches no volume of another zone. Default: the volume service's own.
         */
        availabilityZone?: string;
      };
      /**
       * An existing network that the nodes are put into, by name or id. Default: one is made.
       */
      network?: string;
      /**
       * Existing subnets of that network, one of each family, by name or id. Default: one is made for each of network.nodes.
       *
       * @minItems 1
       * @maxItems 2
       */
      subnets?: string[];
      /**
       * An existing router that leads out of the subnets that are made, by name or id. Default: one is made where there is an external network.
       */
      router?: string;
      /**
       * Name servers that the subnet tells the nodes. Default: the cloud's own.
       */
      dnsServers?: string[];
      /**
       * Whether the servers of one role must run on different hosts (hard), should (soft), or need not (none). Default: soft.
       */
      antiAffinity?: 'hard' | 'soft' | 'none';
      /**
       * The availability zone of each of the blueprint's zones. Default: the one of the same name.
       */
      availabilityZones?: {
        [k: string]: string;
      };
      /**
       * Give servers their user data on a drive, too, for clouds without a metadata service. Default: false, and true for arm64, where cloud-init finds OpenStack only that way.
       */
      configDrive?: boolean;
      /**
       * Boot servers from a volume of their own, made from the image. Default: from the host's own disk.
       */
      bootVolume?: {
        /**
         * Size of the volume.
         */
        size: string;
        /**
         * Volume type. Default: the cloud's own.
         */
        type?: string;
      };
      /**
       * An existing key pair of yours that servers get, by name. Default: none; the blueprint's users have their keys by the user data.
       */
      keyPair?: string;
      /**
       * A user of access.users: `boot` makes a key pair of the user's first SSH key, which servers get, and `destroy` deletes it. Default: none.
       */
      keyPairOf?: string;
      /**
       * Who may reach port 22 of the nodes. Default: who may by firewall.ssh, where the blueprint has it, else nobody.
       */
      ssh?: {
        /**
         * Networks.
         *
         * @minItems 1
         */
        from: string[];
      };
      /**
       * The load balancer of an endpoint of type openstack-load-balancer.
       */
      loadBalancer?: {
        /**
         * Octavia's provider. Default: the cloud's own.
         */
        provider?: string;
        /**
         * Networks that may connect; the nodes' own are always among them. Default: every one.
         *
         * @minItems 1
         */
        allowedCidrs?: string[];
        /**
         * Seconds after which a silent connection is cut. Watches of the API are silent for minutes: Octavia's own default of 50 seconds would cut them. Default: 14400.
         */
        idleTimeout?: number;
        /**
         * How the load balancer finds out which API servers are well.
         */
        monitor?: {
          /**
           * HTTPS: by GET /readyz. TCP: by a connection, which also a server that cannot serve takes. Default: HTTPS with the provider amphora, TCP with others (OVN has no HTTPS).
           */
          type?: 'HTTPS' | 'TCP';
          /**
           * Seconds between two checks. Default: 5.
           */
          delay?: number;
          /**
           * Checks that have to fail, or to succeed, in a row. Default: 2.
           */
          retries?: number;
          /**
           * Seconds that one check may take; less than the delay. Default: 3.
           */
          timeout?: number;
        };
      };
    };
  };
  /**
   * How each node's configuration reaches it: all of it as the machine's user data, or, where that is too small, a pointer there and the rest from a web server of yours. See docs/payload.md.
   */
  payload?: {
    /**
     * Whose user data the payloads go into: openstack takes 65,535 base64 characters, ec2 16,384 bytes. Default: openstack with cloud.openstack, else none.
     */
    limit?: 'openstack' | 'ec2';
    /**
     * The URL below which you serve the files of boot/serve/ while machines boot for the first time. It must be https, for they hold keys.
     */
    serve?: string;
    /**
     * CA certificates (PEM) that the web server's certificate is checked against.
     */
    serveCa?: string;
    /**
     * when-needed: only nodes whose payload fits in no other way fetch theirs. always: every node does, and no user data holds a key. Default: when-needed.
     */
    pointer?: 'when-needed' | 'always';
  };
  /**
   * Who may open the secrets store beside this blueprint.
   */
  secrets?: {
    /**
     * age recipients; your own must be among them. Default: your own alone.
     *
     * @minItems 1
     */
    recipients?: string[];
  };
  /**
   * Findings of the review that are known and wanted.
   */
  acknowledge?: {
    /**
     * The finding, as it is printed.
     */
    code: string;
    /**
     * Why it is wanted; shown with the finding.
     */
    reason: string;
  }[];
}
/**
 * The operating system of the nodes.
 */
export interface Os {
  /**
   * flatcar and fedora-coreos take Ignition, the others cloud-init. Default: flatcar.
   */
  name?: 'flatcar' | 'fedora-coreos' | 'debian' | 'ubuntu' | 'rocky';
  /**
   * The release, in quotes: Debian's 12 or 13, Ubuntu's 24.04, Rocky Linux's 9. Default: the newest of these. A node group with another os.name does not inherit it.
   */
  version?: string;
  /**
   * The version of Ignition's spec that configs are written in, of systems that take Ignition. Default: 3.3.0, which every image reads and which can say all that is needed; at most 3.4.0 on Flatcar, 3.6.0 on Fedora CoreOS. A node group with another os.name does not inherit it.
   */
  ignition?: '3.3.0' | '3.4.0' | '3.5.0' | '3.6.0';
  /**
   * A FleetLock server, which lets one node after the other update and reboot; Fedora CoreOS asks it. Default: none; nodes update and reboot when the operator says so. A node group with another os.name does not inherit it.
   */
  fleetLock?: string;
  /**
   * Default: amd64.
   */
  arch?: 'amd64' | 'arm64';
}
/**
 * What nodes that are configured by cloud-init get beside Triskel's own user data. A node's or a group's own takes the place of the cluster's.
 */
export interface CloudInit {
  /**
   * Files, relative to the blueprint: scripts (#!), #cloud-config and #cloud-boothook. The user data is then a MIME multipart message. Scripts run in this order, after packages are installed and before anything of Triskel's starts. Their text is committed with the output: no secrets here.
   *
   * @maxItems 50
   */
  parts?: string[];
}
/**
 * Node labels. The kubelet may not set labels below kubernetes.io itself, but for those that Kubernetes allows.
 */
export interface Labels {
  [k: string]: string;
}
/**
 * What differs for etcd on these nodes.
 */
export interface NodeEtcd {
  disk?: Disk;
}
/**
 * Options that differ on these nodes.
 */
export interface NodeComponents {
  /**
   * The kubelet.
   */
  kubelet?: {
    /**
     * Pods that the node takes at most. Default: 110.
     */
    maxPods?: number;
    /**
     * Kept for the operating system. Default: cpu 100m, memory 256Mi.
     */
    systemReserved?: {
      /**
       * CPU, in cores or thousandths of one. Default: 100m.
       */
      cpu?: string;
      /**
       * Memory. Default: 256Mi.
       */
      memory?: string;
    };
    /**
     * Fields of KubeletConfiguration, laid over those that Triskel writes: maps merge, lists replace.
     */
    configuration?: {};
    extraArguments?: ExtraArguments;
  };
}
/**
 * Flags of the kubelet beside those that Triskel gives it, without their dashes; a list gives a flag several times, in its order. They win over Triskel’s own where these may be changed.
 */
export interface ExtraArguments {
  /**
   * @minItems 1
   */
  [k: string]: string | number | boolean | Argument[];
}
/**
 * What is different about the node's server in the cloud.
 */
export interface Server {
  /**
   * Image, by name or id. Default: cloud.openstack.image.
   */
  image?: string;
  /**
   * Flavor, by name or id. Default: cloud.openstack.flavor.
   */
  flavor?: string;
}
/**
 * Flags of etcd beside those that Triskel gives it, without their dashes; a list gives a flag several times, in its order. They win over Triskel’s own where these may be changed.
 */
export interface ExtraArguments1 {
  /**
   * @minItems 1
   */
  [k: string]: string | number | boolean | Argument[];
}
/**
 * Where the add-on keeps its data. Default: a claim on k3s, which brings the class local-path; nothing that outlives the pod elsewhere.
 */
export interface AddonStorage {
  /**
   * claim: a volume that outlives the pod. none: the node's disk, for as long as the pod is there. Default: claim where another key of this section is there, or on k3s with its local-storage.
   */
  kind?: 'claim' | 'none';
  /**
   * How much is claimed. Default: 10Gi for Prometheus, 1Gi for Grafana.
   */
  size?: string;
  /**
   * The StorageClass of the claim. Default: the cluster's default class. With k3s' local-path the data, and so the pod, stay on one node.
   */
  class?: string;
}
/**
 * Flags of kube-apiserver beside those that Triskel gives it, without their dashes; a list gives a flag several times, in its order. They win over Triskel’s own where these may be changed.
 */
export interface ExtraArguments2 {
  /**
   * @minItems 1
   */
  [k: string]: string | number | boolean | Argument[];
}
/**
 * Flags of kube-controller-manager beside those that Triskel gives it, without their dashes; a list gives a flag several times, in its order. They win over Triskel’s own where these may be changed.
 */
export interface ExtraArguments3 {
  /**
   * @minItems 1
   */
  [k: string]: string | number | boolean | Argument[];
}
/**
 * Flags of kube-scheduler beside those that Triskel gives it, without their dashes; a list gives a flag several times, in its order. They win over Triskel’s own where these may be changed.
 */
export interface ExtraArguments4 {
  /**
   * @minItems 1
   */
  [k: string]: string | number | boolean | Argument[];
}
