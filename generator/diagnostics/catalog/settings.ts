import type { CatalogEntry } from './entry.ts';

export const settings = {
  'settings/unknown': {
    severity: 'error',
    summary: 'A flag or field that a blueprint sets is one that the program has.',
    why: 'A program that is given a flag that it does not know does not start; a field is dropped or refused.',
    remedy: 'Correct the name, or take it out.',
  },
  'settings/outgrown': {
    severity: 'error',
    summary: 'What Triskel itself gives a program is there in the version that is run.',
    why: 'The program would not start. Files under facts know a version that this Triskel does not.',
    remedy: 'Run an older version, or take a Triskel that knows this one; if the fact is wrong, correct it.',
  },
  'settings/removed': {
    severity: 'error',
    summary: 'A flag or field that a blueprint sets is still there in the version that is run.',
    why: 'A program that is given a flag that it no longer has does not start.',
    remedy: 'Take it out.',
  },
  'settings/later': {
    severity: 'error',
    summary: 'A flag or field that a blueprint sets is there already in the version that is run.',
    why: 'A program that is given a flag that it does not have yet does not start.',
    remedy: 'Take it out until the cluster runs the version that has it.',
  },
  'settings/deprecated': {
    severity: 'warning',
    summary: 'A flag or field that a blueprint sets is not on its way out.',
    why: 'A later version refuses it, and the upgrade to that version with it.',
    remedy: 'Take it out, or replace it.',
  },
  'settings/owned': {
    severity: 'error',
    summary: 'A blueprint does not set flags and fields that Triskel itself must set.',
    why: 'They must agree with certificates, addresses, files and other programs, which would go on with the old value.',
    remedy: 'Take it out.',
  },
  'settings/has-field': {
    severity: 'error',
    summary: 'What the kubelet’s configuration has a field for is not given as a flag.',
    why: 'A flag wins over the file that is reviewed, and the kubelet is about to lose these flags.',
    remedy: 'Set the field under components.kubelet.configuration.',
  },
  'settings/wrong-type': {
    severity: 'error',
    summary: 'The value of a field has the field’s type.',
    why: 'The program does not start with a configuration that it cannot read.',
    remedy: 'Write the value in the type that is asked for.',
  },
  'settings/absent-file': {
    severity: 'error',
    summary: 'A static pod is given no file that it does not have.',
    why: 'Each pod sees the files that Triskel mounts and no others; the program would not start.',
    remedy: 'Take the flag out; files of your own cannot be mounted into the control plane’s pods.',
  },
  'settings/without-effect': {
    severity: 'warning',
    summary: 'A field belongs to the mode that is run.',
    why: 'kube-proxy does not read the fields of its other modes, so that the setting is lost without a word.',
    remedy: 'Move it to the fields of the mode that is run, or take it out.',
  },
  'settings/cgroup-v1': {
    severity: 'error',
    summary: 'No kubelet is made to run on cgroup v1.',
    why: 'Kubernetes is taking its support out (KEP-5573), and no supported operating system starts with it.',
    remedy: 'Take failCgroupV1 out. A machine with cgroup v1 needs a newer image first.',
  },
} as const satisfies Record<string, CatalogEntry>;
