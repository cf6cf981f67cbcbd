/** Parts of user data: what they may be, and what they may not do. */
import { describe, expect, test } from 'vitest';
import { compile, type Compilation } from '../../generator/compile.ts';
import { parsePart, userDataKeys } from '../../generator/cluster/parts.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { parse } from 'yaml';
import { adaptedPlan, items, smallCluster } from '../support/plans.ts';

const problems = (text: string): string[] => parsePart('p', text, ['x']).diagnostics.map(({ message }) => message);

describe('a part', () => {
  test.each([
    ['#!/bin/sh\ntrue\n', 'script'],
    ['#!/usr/bin/python3\n', 'script'],
    ['#cloud-config\npackages: [a]\n', 'cloud-config'],
    ['#cloud-boothook\n#!/bin/sh\n', 'boothook'],
  ])('%j is taken', (text, type) => {
    expect(parsePart('p', text, ['x'])).toMatchObject({ value: { type }, diagnostics: [] });
  });

  test.each([
    ['', 'p is neither a script (#!), nor a #cloud-config, nor a #cloud-boothook'],
    ['packages: [a]\n', 'p is neither a script (#!), nor a #cloud-config, nor a #cloud-boothook'],
    ['## template: jinja\n#cloud-config\n', /what a template becomes at boot cannot be reviewed$/],
    ['#include\nhttps://example.org\n', /what is fetched at boot cannot be reviewed$/],
    ['#cloud-config-archive\n- a\n', /^p is neither/],
    ['#!/bin/sh\r\ntrue\r\n', 'p has Windows line ends, with which no script starts'],
    ['#!/bin/sh\necho ${triskel:a/b}\n', 'p holds the text of a hole, ${triskel:…}'],
    ['#cloud-config\na: [\n', /^p is no YAML: /],
    ['#cloud-config\n- a\n', 'p holds no map of keys and values'],
    ['#cloud-config\nhostname: x\n', 'p sets hostname, which Triskel sets'],
    ['#cloud-config\nruncmd: [a]\n', /^p has runcmd, .*put the commands into a script/],
    ['#cloud-config\nfqdn: x.y\n', 'p sets fqdn, which undoes what Triskel sets'],
    ['#cloud-config\npackages: a\n', 'p has packages, which is no list'],
  ])('%j is refused', (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message instanceof RegExp ? message : /./)]);
    if (typeof message === 'string') expect(problems(text)).toEqual([message]);
  });

  test('the keys that are held against it are those of our own part', () => {
    const own = parse(cloudInit.reviewed(adaptedPlan(smallCluster('debian'), items))) as object;
    expect(Object.keys(own).sort()).toEqual([...userDataKeys].sort());
  });
});

describe('a blueprint with parts', () => {
  const compiled = (files: Record<string, string>, os: string, more = ''): Promise<Compilation> => {
    const blueprint = `apiVersion: triskel/v1
name: demo
network: {nodes: 10.0.0.0/24}
os: {name: ${os}}
etcd: {disk: /dev/disk/by-id/virtio-etcd}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
cloudInit: {parts: ${JSON.stringify(Object.keys(files))}}
nodes:
  - {name: cp0, roles: [control-plane, worker], address: 10.0.0.10}
${more}`;
    const texts = new Map(Object.entries(files).map(([name, text]) => [`/b/${name}`, text]));
    return compile('/b/demo.yaml', blueprintFiles(new Map([['/b/demo.yaml', blueprint], ...texts])), noProgress);
  };
  const told = async (...given: Parameters<typeof compiled>) =>
    (await compiled(...given)).diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message, places }) => [code, message, places.map(({ path }) => path?.join('.'))]);

  test('has a message in place of the config; a node’s own parts take the place of the cluster’s', async () => {
    const own = '  - {name: w0, roles: [worker], address: 10.0.0.20, cloudInit: {parts: []}}';
    const { nodes } = await compiled({ 'a.sh': '#!/bin/sh\n' }, 'debian', own);
    const names = nodes.map(({ node, renderer, reviewed }) => [renderer.reviewedName(node), reviewed.slice(0, 12)]);
    expect(names).toEqual([
      ['user-data.mime', 'MIME-Version'],
      ['user-data.yaml', '#cloud-confi'],
    ]);
  });

  test('is refused when a part writes a file of ours', async () => {
    const text = '#cloud-config\nwrite_files: [{path: /etc/systemd/system/kubelet.service, content: a}]\n';
    expect(await told({ 'a.yaml': text }, 'debian')).toEqual([
      [
        'plan/conflict',
        'a.yaml writes /etc/systemd/system/kubelet.service, and so does Triskel',
        ['cloudInit.parts.0'],
      ],
    ]);
  });

  test('is refused when two parts set one value', async () => {
    const files = { 'a.yaml': '#cloud-config\ntimezone: A\n', 'b.yaml': '#cloud-config\ntimezone: B\n' };
    expect(await told(files, 'debian')).toEqual([
      [
        'cluster/user-data-part',
        'b.yaml sets timezone, and so does a.yaml',
        ['cloudInit.parts.1', 'cloudInit.parts.0'],
      ],
    ]);
  });

  test('is refused when no node reads them, or one that cannot has its own', async () => {
    const own = '  - {name: w0, roles: [worker], address: 10.0.0.20, cloudInit: {parts: [a.sh]}}';
    expect(await told({ 'a.sh': '#!/bin/sh\n' }, 'flatcar', own)).toEqual([
      ['cluster/user-data-part', 'no node reads its user data by cloud-init', ['cloudInit']],
      ['cluster/user-data-part', 'Flatcar does not read its user data by cloud-init', ['nodes.1.cloudInit']],
    ]);
  });

  test('is refused when a file is not there', async () => {
    const missing = '  - {name: w0, roles: [worker], address: 10.0.0.20, cloudInit: {parts: [none.sh]}}';
    const [first] = await told({}, 'debian', missing);
    expect(first?.[2]).toEqual(['nodes.1.cloudInit.parts.0']);
  });
});
