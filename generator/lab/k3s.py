"""Stands in for k3s, which no Debian package has. It takes the configuration and the CAs that k3s is given and refuses what
that does not know; a server begins a cluster or joins one, and is ready while it sees a majority of the cluster's servers:
that stands for the quorum of the etcd within k3s, which this does not have. SPEC, which with serving.py is put in front of this
text, has the version and the known keys of `server` and `agent`."""

import glob
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

import yaml

CONFIG = "/etc/rancher/k3s/config.yaml"
SERVER = "/var/lib/rancher/k3s/server"
CA = f"{SERVER}/tls/server-ca.crt"
DATA = f"{SERVER}/db/etcd/member/wal"
MEMBERS = f"{SERVER}/db/etcd/member/members.json"


def refuse(message):
    print(f"level=fatal msg={json.dumps(message)} (stands in)", file=sys.stderr, flush=True)
    sys.exit(1)


def configuration(role):
    """config.yaml and its drop-ins, the later ones over the earlier ones."""
    config = {}
    for path in [CONFIG, *sorted(glob.glob(f"{CONFIG}.d/*.yaml"))]:
        with open(path, encoding="utf-8") as file:
            config |= yaml.safe_load(file) or {}
    for key in config:
        if key not in SPEC["keys"][role]:
            refuse(f"flag provided but not defined: -{key}")
    for key in ("token-file", "agent-token-file"):
        if key in config and not os.path.getsize(config[key]):
            refuse(f"{config[key]}: empty")
    return config


def server_certificate(config):
    """k3s issues its own, from the CA that it was given."""
    names = ["DNS:kubernetes", "DNS:localhost", "IP:127.0.0.1", *(f"IP:{each}" for each in config["node-ip"])]
    for name in config.get("tls-san", []):
        names.append(f"{'IP' if name.replace('.', '').isdigit() or ':' in name else 'DNS'}:{name}")
    folder = "/run/k3s-stand-in"
    os.makedirs(folder, mode=0o700, exist_ok=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{folder}/key"]
    issuer = ["-CA", CA, "-CAkey", f"{SERVER}/tls/server-ca.key", "-days", "365"]
    extensions = ["-addext", f"subjectAltName={','.join(dict.fromkeys(names))}", "-addext", "basicConstraints=critical,CA:FALSE"]
    made = subprocess.run(
        ["openssl", "req", "-x509", *key, *issuer, *extensions, "-subj", "/O=k3s/CN=k3s", "-out", f"{folder}/cert"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        refuse(made.stderr.strip())
    return f"{folder}/cert", f"{folder}/key"


class Cluster:
    """The servers that know each other, and which of them are seen."""

    def __init__(self, own, port):
        self.own, self.port = own, port
        self.seen = {}
        self.members = {own}
        if os.path.exists(MEMBERS):
            with open(MEMBERS, encoding="utf-8") as file:
                self.members |= set(json.load(file))
        self.context = ssl.create_default_context(cafile=CA)

    def ask(self, base):
        with urllib.request.urlopen(f"{base}/stand-in/members?{self.own}", timeout=1, context=self.context) as answer:
            return set(json.load(answer))

    def add(self, members):
        if members - self.members:
            self.members |= members
            with open(f"{MEMBERS}.new", "w", encoding="utf-8") as file:
                json.dump(sorted(self.members), file)
            os.replace(f"{MEMBERS}.new", MEMBERS)

    def watch(self, peer):
        while True:
            try:
                self.add(self.ask(f"https://{peer}:{self.port}"))
                self.seen[peer] = time.monotonic()
            except (OSError, ValueError):
                pass
            time.sleep(0.5)

    def watch_all(self):
        watched = {self.own}
        while True:
            for peer in self.members - watched:
                watched.add(peer)
                threading.Thread(target=self.watch, args=(peer,), daemon=True).start()
            time.sleep(0.2)

    def has_quorum(self):
        now = time.monotonic()
        alive = 1 + sum(1 for peer, at in self.seen.items() if now - at < 2.0)
        return alive * 2 > len(self.members)


class Answers(Quiet):
    protocol_version = "HTTP/1.1"
    timeout = 60
    cluster = None

    def do_GET(self):
        path, _, query = self.path.partition("?")
        well = self.cluster is None or self.cluster.has_quorum()
        if path == "/stand-in/members":
            self.cluster.add({query})
            self.answer(200, json.dumps(sorted(self.cluster.members)))
        elif path in ("/livez", "/ping") or (path in ("/readyz", "/healthz") and well):
            self.answer(200, "ok")
        elif path in ("/readyz", "/healthz"):
            self.answer(500, "[-]etcd failed: reason withheld\n")
        else:
            self.answer(401, json.dumps({"kind": "Status", "status": "Failure", "reason": "Unauthorized", "code": 401}))

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def listen(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()


def join(cluster, config):
    """A new server learns who is there from the one that it joins; it waits for it as long as that takes."""
    if os.path.isdir(DATA):
        return
    if "server" in config:
        while True:
            try:
                members = cluster.ask(config["server"])
                break
            except (OSError, ValueError) as error:
                print(f"waits for {config['server']}: {error}", flush=True)
                time.sleep(2)
        os.makedirs(DATA)
        cluster.add(members | {cluster.own})
    elif config.get("cluster-init"):
        os.makedirs(DATA)
    else:
        refuse("told neither to begin a cluster nor whom to join")


def serve(config):
    for name in ("server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"):
        for suffix in ("crt", "key"):
            if not os.path.exists(f"{SERVER}/tls/{name}.{suffix}"):
                refuse(f"{SERVER}/tls/{name}.{suffix} is not there")
    port = int(config.get("https-listen-port", 6443))
    cluster = Cluster(config["node-ip"][0], port)
    join(cluster, config)
    Answers.cluster = cluster
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server_certificate(config))
    listen(Secure("::" if ":" in config["node-ip"][0] else "0.0.0.0", port, Answers, context))
    threading.Thread(target=cluster.watch_all, daemon=True).start()
    listen(Server("127.0.0.1", 2381, Answers))


if os.path.basename(sys.argv[0]) != "k3s" or len(sys.argv) != 2 or sys.argv[1] not in SPEC["keys"]:
    refuse(f"stands in for k3s, and cannot do {' '.join(sys.argv)}")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
settings = configuration(sys.argv[1])
if sys.argv[1] == "server":
    serve(settings)
listen(Server("127.0.0.1", 10248, Answers))
print(f"k3s {SPEC['version']} (stands in), {sys.argv[1]}: {settings['node-name']}", flush=True)
notify_ready()
threading.Event().wait()
