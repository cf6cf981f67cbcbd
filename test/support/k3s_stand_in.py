#!/usr/bin/python3
"""What k3s does at a start, as far as k3s-decide depends on it: it begins a cluster, joins one, or goes on with its data,
and serves with a certificate that it issues from the CA in its folder. Like k3s it starts a cluster of its own when it is told
neither to begin nor whom to join; a joining server checks the CA's hash of its token before it says the password.
"""

import base64
import hashlib
import http.server
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
import uuid

STATE = "/var/lib/rancher/k3s/server"
CA = STATE + "/tls/server-ca.crt"


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def config():
    """The lines of the configuration and its drop-ins: enough for keys with one value and lists of words."""
    values, key = {}, ""
    folder = "/etc/rancher/k3s/config.yaml.d/"
    drop_ins = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for path in ["/etc/rancher/k3s/config.yaml"] + [folder + name for name in drop_ins]:
        for line in text(path).splitlines():
            if line.startswith("- "):
                values[key] = values.get(key, []) + [line[2:].strip('"')]
            elif ":" in line:
                key, _, value = line.partition(":")
                if value.strip():
                    values[key] = value.strip().strip('"')
    return values


def join(url, token):
    """The cluster's id, from a server that proves to be one of the cluster."""
    digest, password = token[3:67], token.rpartition(":")[2]
    with urllib.request.urlopen(url + "/cacerts", context=ssl._create_unverified_context(), timeout=5) as answer:
        authority = answer.read()
    if hashlib.sha256(authority).hexdigest() != digest:
        sys.exit("token CA hash does not match the Cluster CA certificate hash")
    trusted = ssl.create_default_context(cadata=authority.decode())
    basic = base64.b64encode(("server:" + password).encode()).decode()
    request = urllib.request.Request(url + "/join", headers={"Authorization": "Basic " + basic})
    with urllib.request.urlopen(request, context=trusted, timeout=5) as answer:
        return answer.read().decode()


def certificate(names):
    folder = "/run/triskel/serving"
    os.makedirs(folder, exist_ok=True)
    kinds = ["IP:" + name if name[0].isdigit() else "DNS:" + name for name in names]
    write(folder + "/names", "subjectAltName=" + ",".join(kinds) + "\n")
    line = (
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=k3s -keyout {0}/key -out {0}/csr && "
        "openssl x509 -req -in {0}/csr -CA {1} -CAkey {2} -CAcreateserial -CAserial {0}/serial -days 1 -extfile {0}/names "
        "-out {0}/crt"
    ).format(folder, CA, CA.replace(".crt", ".key"))
    subprocess.run(["sh", "-c", line], check=True, stderr=subprocess.DEVNULL)
    return folder


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        password = text("/etc/triskel/k3s/token").strip()
        expected = "Basic " + base64.b64encode(("server:" + password).encode()).decode()
        if self.path == "/cacerts":
            self.answer(200, text(CA))
        elif self.path == "/readyz" and os.path.exists("/etc/triskel/not-ready"):
            self.answer(500, "etcd failed")
        elif self.path == "/readyz":
            self.answer(200, "ok")
        elif self.path == "/join" and self.headers["Authorization"] == expected:
            self.answer(200, text(STATE + "/db/etcd/id"))
        else:
            self.answer(401, "Unauthorized")

    def answer(self, code, body):
        self.send_response(code)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def main():
    if sys.argv[1:] != ["server"]:
        sys.exit("usage: k3s server")
    values = config()
    token = text(values["token-file"]).strip()
    wal = STATE + "/db/etcd/member/wal"
    if os.path.exists(STATE + "/db/etcd/tombstone"):
        subprocess.run(["rm", "-rf", STATE + "/db/etcd"], check=True)
    if not os.path.isdir(wal):
        if "server" in values:
            identity = join(values["server"], token)
        elif values.get("cluster-init") == "true":
            identity = str(uuid.uuid4())
        else:
            write(STATE + "/db/standalone", "a cluster of its own, without etcd\n")
            sys.exit("started a cluster of its own")
        write(STATE + "/db/etcd/id", identity)
        os.makedirs(wal)
    folder = certificate(values["tls-san"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/crt", folder + "/key")
    server = http.server.ThreadingHTTPServer(("0.0.0.0", 6443), Handler, bind_and_activate=False)
    server.allow_reuse_address = True
    server.server_bind()
    server.server_activate()
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        time.sleep(60)


main()
