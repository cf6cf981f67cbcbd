"""Stands in for a program of Kubernetes' that no Debian package has. It takes the arguments and files that the program is
given and refuses what that does not know; then it answers health checks as that does. SPEC, which with serving.py is put in
front of this text, says which program: its name, its version and the names of its flags."""

import base64
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import yaml


def refuse(message):
    print(f"Error: {message}", file=sys.stderr, flush=True)
    sys.exit(1)


def parsed(arguments):
    """Name -> values, as pflag reads them: --name=value, or --name for what is true."""
    found = {}
    for argument in arguments:
        match = re.fullmatch(r"--([a-z0-9-]+)(?:=(.*))?", argument, re.DOTALL)
        if match is None:
            refuse(f'unknown command "{argument}" for "{SPEC["name"]}"')
        name, value = match.groups()
        if name not in SPEC["flags"]:
            refuse(f"unknown flag: --{name}")
        found.setdefault(name, []).append("true" if value is None else value)
    return found


FLAGS = parsed(sys.argv[1:])


def flag(name, default=None):
    return FLAGS.get(name, [default])[-1]


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{path}: {error}")


def check_files():
    """Every file that a flag names is there and holds what it must."""
    for name, values in FLAGS.items():
        if not re.search(r"(-file|cafile|certfile|keyfile|-certificate|-certificate-authority|-client-key|config)$", name):
            continue
        for path in (path for value in values for path in value.split(",")):
            if not path.startswith("/"):
                continue
            text = read(path)
            if not text.strip():
                refuse(f"{path}: empty")
            if name.endswith("config"):
                check_document(path, text)
    for certificate, key in (
        ("tls-cert-file", "tls-private-key-file"),
        ("etcd-certfile", "etcd-keyfile"),
        ("kubelet-client-certificate", "kubelet-client-key"),
        ("proxy-client-cert-file", "proxy-client-key-file"),
    ):
        if flag(certificate) is not None:
            load_pair(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), flag(certificate), flag(key))
    for name in ("client-ca-file", "etcd-cafile", "requestheader-client-ca-file", "kubelet-certificate-authority", "root-ca-file"):
        if flag(name) is not None:
            trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), flag(name))


def check_document(path, text):
    document = yaml.safe_load(text)
    if not isinstance(document, dict) or "kind" not in document or "apiVersion" not in document:
        refuse(f"{path}: no kind or no apiVersion")
    if document["kind"] != "Config":
        return
    for user in document.get("users") or []:
        entry = user.get("user") or {}
        if "client-certificate" in entry:
            load_pair(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), entry["client-certificate"], entry["client-key"])
    for cluster in document.get("clusters") or []:
        if "certificate-authority" in cluster["cluster"]:
            trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), cluster["cluster"]["certificate-authority"])


def load_pair(context, certificate, key):
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        refuse(f"{certificate}, {key}: {error}")


def trust(context, path):
    try:
        context.load_verify_locations(path)
    except (OSError, ssl.SSLError) as error:
        refuse(f"{path}: {error}")


class Etcd:
    """Linearizable reads, as the API server makes them, with its own certificate (etcd's gRPC gateway, /v3/kv/range)."""

    def __init__(self):
        self.servers = flag("etcd-servers", "").split(",")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust(self.context, flag("etcd-cafile"))
        load_pair(self.context, flag("etcd-certfile"), flag("etcd-keyfile"))

    def read(self, seconds=2.0):
        """None, or why no member answers. The member that answered last is asked first."""
        reasons = []
        end = time.monotonic() + seconds
        for server in list(self.servers):
            left = end - time.monotonic()
            if left <= 0:
                break
            reason = self.ask(server, min(left, max(0.5, seconds / 2)))
            if reason is None:
                self.servers = [server] + [each for each in self.servers if each != server]
                return None
            reasons.append(f"{server}: {reason}")
        return "; ".join(reasons) or "no etcd server is named"

    def ask(self, server, seconds):
        url = urllib.parse.urlsplit(server)
        connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=seconds, context=self.context)
        try:
            # etcd's own time-out is seven seconds; it keeps nothing back once the connection is gone.
            key = base64.b64encode(b"/registry/health").decode()
            connection.request("POST", "/v3/kv/range", json.dumps({"key": key}))
            answer = connection.getresponse()
            answer.read()
            return None if answer.status == 200 else f"HTTP {answer.status}"
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()


class Health(Quiet):
    protocol_version = "HTTP/1.1"
    timeout = 60
    etcd = None

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/livez" or (self.etcd is None and path in ("/healthz", "/readyz")):
            self.answer(200, "ok")
        elif path in ("/readyz", "/healthz") or (path == "/readyz/etcd-readiness" and self.connection.getpeercert()):
            reason = self.etcd.read()
            if reason is not None:
                print(f"{path}: {reason}", flush=True)
            self.answer(*((200, "ok") if reason is None else (500, "[-]etcd failed: reason withheld\nhealthz check failed\n")))
        elif SPEC["name"] == "kube-apiserver" and not self.connection.getpeercert():
            self.answer(401, json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Unauthorized", "code": 401}))
        elif path == "/version":
            self.answer(200, json.dumps({"gitVersion": "v" + SPEC["version"], "platform": "stands in"}))
        else:
            self.answer(404, "404: this stands in for " + SPEC["name"])

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve_tls(address, port, context):
    server = Secure(address, port, Health, context)
    print(f"{SPEC['name']} {SPEC['version']} (stands in) serves on {address}:{port}", flush=True)
    notify_ready()
    server.serve_forever()


def api_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load_pair(context, flag("tls-cert-file"), flag("tls-private-key-file"))
    trust(context, flag("client-ca-file"))
    context.verify_mode = ssl.CERT_OPTIONAL
    Health.etcd = Etcd()
    end = time.monotonic() + 20
    while (reason := Health.etcd.read()) is not None:
        if time.monotonic() > end:
            refuse(f"error creating storage: context deadline exceeded: {reason}")
        time.sleep(0.5)
    serve_tls(flag("bind-address", "0.0.0.0"), int(flag("secure-port", "6443")), context)


def self_signed():
    """A certificate as programs of Kubernetes' make it for themselves when they are given none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        files = ["-keyout", f"{folder}/key", "-out", f"{folder}/cert"]
        options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "365"]
        subprocess.run(["openssl", "req", "-x509", *options, "-subj", "/CN=localhost", *files], check=True, capture_output=True)
        context.load_cert_chain(f"{folder}/cert", f"{folder}/key")
    return context


def leader(port):
    context = self_signed()
    if flag("tls-cert-file") is not None:
        load_pair(context, flag("tls-cert-file"), flag("tls-private-key-file"))
    serve_tls(flag("bind-address", "0.0.0.0"), int(flag("secure-port", port)), context)


def kubelet():
    config = yaml.safe_load(read(flag("config")))
    address, port = config.get("healthzBindAddress", "127.0.0.1"), config.get("healthzPort", 10248)
    print(f"kubelet {SPEC['version']} (stands in) serves on {address}:{port}; it starts no pods", flush=True)
    Server(address, port, Health).serve_forever()


def stay():
    print(f"started (stands in): {' '.join(sys.argv)}", flush=True)
    threading.Event().wait()


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
check_files()
{
    "kube-apiserver": api_server,
    "kube-controller-manager": lambda: leader("10257"),
    "kube-scheduler": lambda: leader("10259"),
    "kubelet": kubelet,
}.get(SPEC["name"], stay)()
