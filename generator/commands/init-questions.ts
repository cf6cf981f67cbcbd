import { isHostName, parseAddress, parseHostPort } from '../base/networks.ts';
import { listPublicKeys } from '../host/new-blueprint.ts';
import { systemFacts, systemNames } from '../cluster/systems.ts';
import { openQuestions } from '../host/questions.ts';
import { listOf, type Answers } from './init-blueprint.ts';

type Check = (text: string) => string | undefined;

const isName: Check = (text) =>
  isHostName(text) && !text.includes('.') ? undefined : 'Lower-case letters, digits and hyphens';
const areAddresses: Check = (text) =>
  listOf(text).length > 0 && listOf(text).every((part) => parseAddress(part) !== undefined)
    ? undefined
    : 'IP addresses, separated by commas';
const isEndpoint: Check = (text) =>
  parseHostPort(text) === undefined ? 'host:port, for example 10.0.0.5:6443' : undefined;

function systemChoices(): { value: Answers['os']; label: string }[] {
  return systemNames.map((value) => {
    const { title, default: release, format } = systemFacts[value];
    return { value, label: `${title} (${release}), by ${format}` };
  });
}

/** Asks for what is not given; undefined when the questions are broken off. */
export async function askAnswers(given: Answers): Promise<Answers | undefined> {
  const questions = await openQuestions('A new blueprint');
  const name = given.name === '' ? await questions.text('Name of the cluster', 'demo', isName) : given.name;
  if (name === undefined) return undefined;
  const os = await questions.select('Operating system of the machines', given.os, systemChoices());
  if (os === undefined) return undefined;
  const controlPlane = await addresses(given.controlPlane, 'Addresses of the control-plane nodes: one, three or five');
  if (controlPlane === undefined) return undefined;
  const isAlone = controlPlane.length === 1;
  const endpoint =
    given.endpoint ??
    (isAlone ? '' : await questions.text('The load balancer before them, host:port', '10.0.0.5:6443', isEndpoint));
  if (endpoint === undefined) return undefined;
  const more = 'Addresses of workers; none: the control plane runs workloads, too';
  const workers =
    given.workers.length > 0
      ? given.workers
      : await questions.text(more, '', (text) => (text === '' ? undefined : areAddresses(text)));
  if (workers === undefined) return undefined;
  const keys = keyChoices();
  const sshKey = given.sshKey ?? (await questions.select('SSH key for logging in', keys[0]?.value ?? '', keys));
  if (sshKey === undefined) return undefined;
  questions.close();
  return {
    name,
    os,
    controlPlane,
    workers: typeof workers === 'string' ? listOf(workers) : workers,
    endpoint: endpoint === '' ? undefined : endpoint,
    network: given.network,
    sshKey: sshKey === '' ? undefined : sshKey,
  };

  async function addresses(known: readonly string[], title: string): Promise<readonly string[] | undefined> {
    if (known.length > 0) return known;
    const text = await questions.text(title, '10.0.0.10, 10.0.0.11, 10.0.0.12', areAddresses);
    return text === undefined ? undefined : listOf(text);
  }
}

function keyChoices(): { value: string; label: string }[] {
  const keys = listPublicKeys().map((file) => ({ value: file, label: file }));
  return [...keys, { value: '', label: 'none for now: I add access.users myself' }];
}
