import { isCorosyncMember, pacemakerVirtualIp } from '../../cluster/corosync.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { trustFile } from '../identity-files.ts';
import { CLUSTER_CA, TRISKEL } from '../node-paths.ts';
import { API_HEALTH_AGENT } from './api-health.ts';
import agent from './api-health.sh';
import { checkPacemaker } from './check.ts';
import { cibText } from './cib.ts';
import { devicesOf } from './fencing.ts';
import unit from './resources.service.ejs';
import script from './write-resources.sh';

const RESOURCES = '/etc/triskel/pacemaker.xml';
const SCRIPT = `${TRISKEL}/write-resources`;
const UNIT = 'triskel-resources.service';

/**
 * Where Pacemaker finds no way on it ends with 100, which its unit takes for a success, and stays off until somebody comes. One
 * way there is a reboot of several nodes at once: a peer that was not down yet still has the request of this one to be let go,
 * and grants it when it is back (controld_messages.c, "unexpected shutdown request"). Started again it finds its peers without
 * the request.
 */
const STARTS_AGAIN = '[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nRestart=always\n';

/**
 * Pacemaker: it moves the virtual IP to where the API is ready. Its configuration is written by its own tools, which every
 * system's package has; pcs and crmsh are each missing somewhere, and pcsd listens on the network.
 */
export const pacemaker: Component = {
  name: 'pacemaker',
  check: checkPacemaker,
  plan(cluster, node) {
    const virtualIp = pacemakerVirtualIp(cluster);
    if (virtualIp === undefined || !isCorosyncMember(cluster, node)) return [];
    const restarts = [{ kind: 'unit', name: UNIT }] as const;
    const revision = cluster.options.pacemaker?.revision ?? 1;
    const fencing: PlanItem[] = devicesOf(cluster).length === 0 ? [] : [{ kind: 'package', name: 'fence-agents' }];
    return [
      { kind: 'package', name: 'pacemaker' },
      { kind: 'package', name: 'curl' },
      ...fencing,
      ...(virtualIp.holders.includes(node)
        ? [
            trustFile('cluster-ca', CLUSTER_CA, []),
            { kind: 'file', path: API_HEALTH_AGENT, mode: 0o755, content: agent } as const,
          ]
        : []),
      { kind: 'file', path: RESOURCES, mode: 0o600, content: cibText(cluster, virtualIp), restarts },
      { kind: 'file', path: SCRIPT, mode: 0o755, content: script },
      { kind: 'drop-in', unit: 'pacemaker.service', name: '10-triskel.conf', content: STARTS_AGAIN },
      { kind: 'unit', name: 'pacemaker.service', enabled: true },
      // A web server for pcs, with root's power over the cluster: nothing here needs it.
      { kind: 'unit', name: 'pcsd.service', enabled: false, masked: true },
      { kind: 'unit', name: UNIT, enabled: true, content: unit({ script: SCRIPT, file: RESOURCES, revision }) },
      { kind: 'phase', phase: 'membership', unit: 'pacemaker.service' },
      { kind: 'phase', phase: 'resources', unit: UNIT },
    ];
  },
};
