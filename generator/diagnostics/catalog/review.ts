import type { CatalogEntry } from './entry.ts';

export const review = {
  'review/single-control-plane': {
    severity: 'warning',
    summary: 'An API that survives the loss of a node needs more than one node that serves it.',
    why: 'When this node is down, so is the API; when its disk is lost, so is the cluster.',
    remedy: 'Take three control-plane nodes, or acknowledge the finding.',
  },
  'review/two-etcd-members': {
    severity: 'error',
    summary: 'etcd has one, three or five members, not two.',
    why: 'The quorum of two is two: the loss of either member stops the cluster, so that it is less available than one.',
    remedy: 'Add a third member; it may be a small node of role etcd. Or acknowledge the finding.',
  },
  'review/even-etcd-members': {
    severity: 'warning',
    summary: 'etcd has an odd number of members.',
    why: 'An even number survives no more losses than one member fewer, and every write waits for one member more.',
    remedy: 'Take one member away, or add one.',
  },
  'review/one-failure-domain': {
    severity: 'error',
    summary: 'No failure domain holds so many etcd members that the others have no quorum.',
    why: 'When that zone fails, etcd stops, however many nodes run elsewhere.',
    remedy: 'Spread the members over at least three zones, or acknowledge the finding.',
  },
  'review/etcd-on-root-disk': {
    severity: 'warning',
    summary: 'etcd has a disk of its own.',
    why: 'etcd waits for the disk at every write. When images are pulled onto the same disk, heartbeats are late and leaders change.',
    remedy: 'Give the members a disk with etcd.disk (or cloud.openstack.etcdVolume), or acknowledge the finding.',
  },
  'review/endpoint-is-plain-name': {
    severity: 'warning',
    summary: 'Nodes reach the API by an address.',
    why: 'A node that needs DNS to find the API does not come up while DNS is away, and the cluster’s own DNS needs the API.',
    remedy: 'Use the load balancer’s address in endpoint.internal and put the name into endpoint.names.',
  },
  'review/no-encryption-at-rest': {
    severity: 'warning',
    summary: 'Secrets lie encrypted in etcd.',
    why: 'Whoever reads the disk or a backup of etcd reads every secret of the cluster.',
    remedy: 'Take encryptionAtRest.provider out (the default encrypts), or acknowledge the finding.',
  },
  'review/leaf-lifetime': {
    severity: 'warning',
    summary: 'Certificates live long enough to be renewed by people, and no longer than their CA.',
    why: 'No node has a CA key, so that nothing renews certificates by itself: when they end, the cluster ends.',
    remedy: 'Choose pki.leafDays of 90 or more, and run `triskel secrets renew` in time.',
  },
  'review/no-ipv6-source': {
    severity: 'warning',
    summary: 'What IPv6-only nodes fetch lies where IPv6 reaches.',
    why: 'github.com and ghcr.io have no IPv6 address. A node without IPv4 waits for its programs for ever, unless something translates for it.',
    remedy:
      'Put a mirror in front (binaries.mirror, registries.mirrors) or a proxy; where the network has NAT64 and DNS64, acknowledge the finding.',
  },
  'review/plain-http-mirror': {
    severity: 'warning',
    summary: 'Images that are known by tag alone come over TLS.',
    why: 'Whoever is on the way can put another image in their place, and it runs as root on every node.',
    remedy: 'Give the mirror a certificate and its CA in `ca`, or pin the images by digest with `triskel pin`.',
  },
  'review/plain-http-payload': {
    severity: 'error',
    summary: 'Payloads that nodes fetch come over TLS.',
    why: 'They hold the private keys of the nodes, and whoever is on the way reads them.',
    remedy: 'Give the server of payload.serve a certificate and its CA in payload.serveCa, or acknowledge the finding.',
  },
  'review/host-port-taken': {
    severity: 'error',
    summary: 'Pods of the blueprint’s own manifests listen at ports of the machine that nothing else has.',
    why: 'The pod does not start on that machine; or, after a reboot, the machine’s own program does not.',
    remedy: 'Give the pod another hostPort, or reach it by a service.',
  },
  'review/virtual-router-id-taken': {
    severity: 'error',
    summary: 'A virtual router ID is used by one cluster on a network.',
    why: 'VRRP tells virtual routers apart by this number alone: the two silence each other, and a virtual IP is nowhere.',
    remedy:
      'Give one of the two another endpoint.virtualRouterId, or acknowledge the finding where their networks are separate.',
  },
  'review/virtual-router-id-repeated': {
    severity: 'warning',
    summary: 'Clusters that may share a wire have virtual router IDs of their own.',
    why: 'Subnets that share a VLAN share VRRP, which tells virtual routers apart by this number alone.',
    remedy:
      'Give one of the two another endpoint.virtualRouterId, or acknowledge the finding where their networks are separate.',
  },
  'review/address-of-another-cluster': {
    severity: 'error',
    summary: 'An address belongs to one cluster.',
    why: 'Two machines that answer to one address answer each half of the time, whichever cluster they are of.',
    remedy:
      'Give one of the two another address, or acknowledge the finding where the clusters are on networks that never meet.',
  },
  'review/overlapping-node-networks': {
    severity: 'warning',
    summary: 'Networks of nodes are the same or apart.',
    why: 'Machines that do not agree on where their network ends reach each other in one direction only.',
    remedy: 'Write the same network in both blueprints, or move one of them.',
  },
  'review/pods-hide-a-cluster': {
    severity: 'warning',
    summary: 'Pods and services have no addresses that machines of another cluster have.',
    why: 'Packets to those machines stay within the cluster: its pods reach neither the machines nor their API.',
    remedy: 'Choose another network.pods or network.services, or acknowledge the finding where the two never talk.',
  },
  'review/unread-neighbour': {
    severity: 'note',
    summary: 'Blueprints of one folder are compared with each other.',
    why: 'What cannot be read is not compared: an address or a virtual router ID that is used twice would not be found.',
    remedy: 'Run `triskel check` on that blueprint.',
  },
  'review/master-count-reconciler': {
    severity: 'error',
    summary: 'API servers that are gone leave the service kubernetes.',
    why: 'An address of the service that nobody answers at makes every pod that uses the API wait for time-outs.',
    remedy: 'Take endpoint-reconciler-type out of components.kube-apiserver.extraArguments.',
  },
  'review/etcd-election-timeout': {
    severity: 'error',
    summary: 'etcd waits for at least five heartbeats before it elects a leader.',
    why: 'With less it refuses to start, and near it every late heartbeat is an election.',
    remedy: 'Raise components.etcd.electionTimeout to ten heartbeats.',
  },
  'review/weakening-argument': {
    severity: 'error',
    summary: 'Flags of one’s own take nothing away that keeps strangers out or etcd whole.',
    why: 'They win over Triskel’s, and nobody sees them in a review of the output but as one line among fifty.',
    remedy: 'Take the flag out, or acknowledge the finding with its use.',
  },
  'review/two-copies': {
    severity: 'error',
    summary: 'A replicated volume has three votes: three copies, or two and an arbiter.',
    why: 'Two copies that lose each other may both take writes; afterwards files have two contents.',
    remedy:
      'Name an arbiter (components.glusterfs.arbiter), give a third node the role storage, or acknowledge the finding.',
  },
  'review/single-virtual-ip-holder': {
    severity: 'error',
    summary: 'A virtual IP has at least two nodes that may hold it.',
    why: 'When the only one is down, so is everything that is reached there.',
    remedy: 'Add a node of the role that holds it, or acknowledge the finding.',
  },
  'review/holders-in-one-zone': {
    severity: 'warning',
    summary: 'Holders of a virtual IP are in more than one failure domain.',
    why: 'When that zone fails nobody can take the address over.',
    remedy: 'Put a holder into another zone, or acknowledge the finding.',
  },
  'review/control-plane-uses-endpoint': {
    severity: 'warning',
    summary: 'Programs of the control plane use the API server beside them.',
    why: 'Through the endpoint they depend on what moves it, and meet API servers that are older than they are.',
    remedy: 'Leave controlPlane.uses at local, or acknowledge the finding.',
  },
  'review/misspelt-name': {
    severity: 'warning',
    summary: 'A name is spelt in one way.',
    why: 'A machine under a misspelt name is another node, and its certificates are another’s.',
    remedy: 'Correct the name, or acknowledge the finding where both are right.',
  },
  'review/probe-does-nothing': {
    severity: 'error',
    summary: 'A probe has an action, and its times beside it.',
    why: 'A probe that does nothing never fails: a program that hangs gets traffic for ever.',
    remedy: 'Put httpGet, tcpSocket, exec or grpc below the probe, and delays and time-outs beside it.',
  },
  'review/removed-volume-driver': {
    severity: 'error',
    summary: 'Volumes name drivers that Kubernetes still has.',
    why: 'The API server takes the field and nothing acts on it: pods wait for the volume for ever.',
    remedy: 'Use the storage’s CSI driver, or a local volume on nodes that mount it.',
  },
  'review/unsigned-packages': {
    severity: 'error',
    summary: 'Packages are checked against the keys of whoever made them.',
    why: 'Whoever is on the way chooses what runs as root on the nodes.',
    remedy: 'Give the repository its key, and take the line out.',
  },
  'review/reboots-by-itself': {
    severity: 'error',
    summary: 'Machines that hold the cluster reboot one after the other.',
    why: 'Two of three members that reboot together are a cluster without a quorum, and machines of one image update at the same hour.',
    remedy: 'Take the line out, or name a coordinator: os.fleetLock, kured or the Flatcar Linux Update Operator.',
  },
  'review/no-update-coordinator': {
    severity: 'note',
    summary: 'Somebody updates the machines.',
    why: 'Triskel switches their own updates and reboots off, so that no quorum is lost; security updates then wait for the operator.',
    remedy:
      'Update and reboot one node after the other, or name a coordinator: os.fleetLock, kured or the Flatcar Linux Update Operator.',
  },
  'review/vrrp-password': {
    severity: 'error',
    summary: 'VRRP is kept from strangers by the firewall, not by a password.',
    why: 'The password is sent in the clear with every advert: whoever could forge one reads it first.',
    remedy:
      'Leave components.keepalived.authentication out, or acknowledge the finding where other equipment wants it.',
  },
  'review/virtual-ip-returns': {
    severity: 'warning',
    summary: 'A virtual IP stays where it is served.',
    why: 'Each move breaks every connection to the API, and a node that comes and goes takes the address with it each time.',
    remedy:
      'Leave components.keepalived.nopreempt at true and components.pacemaker.resourceStickiness at 100, or acknowledge the finding.',
  },
  'review/slow-failover': {
    severity: 'warning',
    summary: 'A dead API server is noticed before nodes count as lost.',
    why: 'Nodes that used it cannot renew their leases: all of them count as lost at once, and their pods are evicted.',
    remedy: 'Make the checks’ intervals, time-outs and numbers of failures smaller.',
  },
  'review/two-node-pacemaker': {
    severity: 'error',
    summary: 'Two Pacemaker nodes have something that decides between them.',
    why: 'When they cannot reach each other both take the virtual IP: split brain.',
    remedy: 'Add a tie-breaker, a quorum device or fencing, or acknowledge the finding.',
  },
  'review/no-fencing': {
    severity: 'warning',
    summary: 'A member that the others have lost is switched off.',
    why: 'A member that hangs and comes back may keep the virtual IP beside the one that took it over.',
    remedy: 'Describe fencing devices in components.pacemaker.fencing, or acknowledge the finding.',
  },
  'review/even-corosync-members': {
    severity: 'warning',
    summary: 'corosync has an odd number of members, or a quorum device.',
    why: 'Of two halves that cannot reach each other neither has a quorum: everything stops on both.',
    remedy: 'Add a tie-breaker or a quorum device.',
  },
  'review/ca-key-on-nodes': {
    severity: 'warning',
    summary: 'No node holds the key of the cluster’s CA.',
    why: 'Whoever reads one disk or backup issues certificates of any name, and none can be taken back.',
    remedy: 'Let components.kubeadm.join be certificates, or acknowledge the finding.',
  },
  'review/idle-acknowledgement': {
    severity: 'warning',
    summary: 'What is acknowledged is something that is found.',
    why: 'An acknowledgement that outlives its finding hides the finding when it comes back.',
    remedy: 'Take the entry out of acknowledge.',
  },
} as const satisfies Record<string, CatalogEntry>;
