/** A file in which a project may publish the sha256 of a release file. */
export interface ChecksumFile {
  readonly url: string;
  /** The file is about that one release file and may hold nothing but its hash. */
  readonly single: boolean;
}

/**
 * Where projects publish sha256, in the order worth asking: dl.k8s.io, cri-tools and the CNI plugins `<file>.sha256`;
 * containerd `<file>.sha256sum`; etcd `SHA256SUMS`; runc `runc.sha256sum` for `runc.<arch>`; k3s `sha256sum-<arch>.txt`.
 */
export function checksumFilesOf(url: string): ChecksumFile[] {
  const folder = url.slice(0, url.lastIndexOf('/') + 1);
  const stem = fileNameOf(url).split('.')[0] ?? '';
  return [
    { url: `${url}.sha256`, single: true },
    { url: `${url}.sha256sum`, single: true },
    { url: `${folder}SHA256SUMS`, single: false },
    { url: `${folder}${stem}.sha256sum`, single: false },
    ...(/^k3s(-|$)/.test(stem)
      ? [{ url: `${folder}sha256sum-${/-(arm64|arm)$/.exec(stem)?.[1] ?? 'amd64'}.txt`, single: false }]
      : []),
  ];
}

/**
 * The hash of `fileName` in a checksum file's text: lines of sha256sum (`<hash>  <file>`, `<hash> *<file>`), of BSD's
 * tools (`SHA256 (<file>) = <hash>`), or, in a file about one release file, the bare hash. Undefined when it has none.
 */
export function findChecksum(text: string, fileName: string, single: boolean): string | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  for (const line of lines) {
    const gnu = /^([0-9A-Fa-f]{64}) [ *](.+)$/.exec(line.trim());
    const bsd = /^SHA256 \((.+)\) = ([0-9A-Fa-f]{64})$/.exec(line.trim());
    const [hash, name] = gnu === null ? [bsd?.[2], bsd?.[1]] : [gnu[1], gnu[2]];
    if (hash !== undefined && name !== undefined && fileNameOf(name) === fileName) return hash.toLowerCase();
  }
  const [only, ...others] = lines;
  return single && others.length === 0 && /^\s*[0-9A-Fa-f]{64}\s*$/.test(only ?? '')
    ? only?.trim().toLowerCase()
    : undefined;
}

/** What stands behind a URL's or path's last slash. */
export function fileNameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
