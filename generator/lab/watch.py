"""watch.py SPEC: watches a lab's cluster while it is broken, and writes what it sees, one JSON object a line.

SPEC is a JSON file: `api`, the port and the hosts that a client may ask, of which one answer is enough; `ca`, the cluster's CA; `virtualIps`; `nodes`, each with its name,
its network namespace and the host and port of its own API server, or null; `etcd`, or null, with `ca`, `cert`, `key` and `members`: node and address of each; `pressure`, a file.

    {"kind": "api", "at": seconds since 1970, "ok": true, "took": 0.012}     a client asks ten times a second
    {"kind": "node", "at": .., "node": "cp0", "holds": true, "serves": true, "ready": true} has a virtual IP; the API
                                          answers there, and its own API server answers, all asked on the node
    {"kind": "ack", "at": .., "done": .., "node": "cp0", "key": "cp0/12"}    etcd has acknowledged a write that this member was given
    {"kind": "busy", "at": .., "share": 0.1}                                 of the last second, in which programs of the nodes waited for a processor
    {"kind": "end", "missing": ["cp0/12"], "read": 812}                      after SIGTERM: acknowledged writes that are not there"""

import base64
import ctypes
import http.client
import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import threading
import time

spec = json.load(open(sys.argv[1], encoding="utf-8"))
libc = ctypes.CDLL(None, use_errno=True)
stopping = threading.Event()
output = threading.Lock()
acknowledged = set()
PREFIX = "/drill/"


def say(kind, **fields):
    with output:
        print(json.dumps({"kind": kind, **fields}), flush=True)


def get(host, port, path, context, timeout):
    """True for 200."""
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    try:
        connection.request("GET", path, headers={"Host": "kubernetes"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def api_context():
    # Certificates are checked against the cluster's CA; the name is the endpoint's, wherever the connection leads.
    return ssl.create_default_context(cafile=spec["ca"])


def ask_api(at, context):
    began = time.monotonic()
    if len(spec["api"]["hosts"]) == 1:
        ok = get(spec["api"]["hosts"][0], spec["api"]["port"], "/readyz", context, 1.0)
    else:
        ok = ask_any(context)
    say("api", at=at, ok=ok, took=round(time.monotonic() - began, 4))


def ask_any(context):
    """Whether one of several hosts answers, as soon as one does."""
    answers = queue.SimpleQueue()
    hosts = spec["api"]["hosts"]
    for host in hosts:
        asking = lambda host=host: answers.put(get(host, spec["api"]["port"], "/readyz", context, 1.0))
        threading.Thread(target=asking, daemon=True).start()
    return any(answers.get() for _ in hosts)


def client():
    """Ten questions a second, each on a connection of its own, however long the others take."""
    context = api_context()
    tick = time.monotonic()
    while not stopping.is_set():
        tick += 0.1
        late = time.monotonic() - tick
        if late > 0.2:
            tick = time.monotonic()
        elif late < 0:
            time.sleep(-late)
        threading.Thread(target=ask_api, args=(time.time(), context), daemon=True).start()


def stalled():
    """Microseconds for which some program of the nodes has waited for a processor (kernel.org, "PSI - Pressure Stall Information"); None: not known."""
    try:
        with open(spec["pressure"], encoding="utf-8") as file:
            return int(file.readline().rsplit("=", 1)[1])
    except (OSError, ValueError):
        return None


def pressure():
    before, since = stalled(), time.monotonic()
    while before is not None and not stopping.wait(1):
        now = time.monotonic()
        after = stalled()
        say("busy", at=time.time(), share=round((after - before) / 1e6 / (now - since), 3))
        before, since = after, now


def enter(namespace):
    """Moves this thread into a node's network; false while the node is off."""
    try:
        file = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    except OSError:
        return False
    try:
        return libc.setns(file, 0x40000000) == 0  # CLONE_NEWNET
    finally:
        os.close(file)


def holds():
    """Whether this network has a virtual IP."""
    listed = subprocess.run(["ip", "-json", "address"], capture_output=True, check=False).stdout
    try:
        found = {each["local"] for link in json.loads(listed) for each in link.get("addr_info", [])}
    except (ValueError, KeyError):
        return False
    return any(address in found for address in spec["virtualIps"])


def look(node):
    context = api_context()
    while not stopping.is_set():
        began = time.monotonic()
        at = time.time()
        is_on = enter(node["namespace"])
        held = is_on and holds()
        served = held and get(spec["api"]["hosts"][0], spec["api"]["port"], "/readyz", context, 1.0)
        own = node["api"]
        ready = own is None or (is_on and get(own["host"], own["port"], "/readyz", context, 1.0))
        say("node", at=at, done=time.time(), node=node["name"], holds=held, serves=served, ready=ready)
        time.sleep(max(0.05, 0.5 - (time.monotonic() - began)))


def etcd_call(address, path, body, context, timeout):
    connection = http.client.HTTPSConnection(address, 2379, timeout=timeout, context=context)
    try:
        connection.request("POST", path, json.dumps(body))
        answer = connection.getresponse()
        text = answer.read()
        return json.loads(text) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def etcd_context():
    context = ssl.create_default_context(cafile=spec["etcd"]["ca"])
    context.load_cert_chain(spec["etcd"]["cert"], spec["etcd"]["key"])
    return context


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def write(member):
    """Writes by way of one member, from within its node, so that a node that is cut off is asked, too."""
    context = etcd_context()
    number = 0
    while not stopping.is_set():
        began = time.monotonic()
        if enter(member["namespace"]):
            number += 1
            key = f"{member['node']}/{number}"
            at = time.time()
            body = {"key": encoded(PREFIX + key), "value": encoded(str(at))}
            if etcd_call(member["address"], "/v3/kv/put", body, context, 5) is not None:
                with output:
                    acknowledged.add(key)
                say("ack", at=at, done=time.time(), node=member["node"], key=key)
        time.sleep(max(0.05, 0.3 - (time.monotonic() - began)))


def missing():
    """Acknowledged keys that no member has, and how many there are in all; read from whoever answers."""
    context = etcd_context()
    for _ in range(30):
        for member in spec["etcd"]["members"]:
            body = {"key": encoded(PREFIX), "range_end": encoded(PREFIX[:-1] + "0"), "keys_only": True}
            found = etcd_call(member["address"], "/v3/kv/range", body, context, 10)
            if found is not None:
                keys = {base64.b64decode(each["key"]).decode()[len(PREFIX) :] for each in found.get("kvs", [])}
                return sorted(acknowledged - keys), len(keys)
        time.sleep(1)
    return None, 0


with open(sys.argv[1] + ".pid", "w", encoding="utf-8") as file:
    print(os.getpid(), file=file)
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
threads = [threading.Thread(target=client), threading.Thread(target=pressure)]
threads += [threading.Thread(target=look, args=(node,)) for node in spec["nodes"]]
if spec["etcd"] is not None:
    threads += [threading.Thread(target=write, args=(member,)) for member in spec["etcd"]["members"]]
for thread in threads:
    thread.start()
stopping.wait()
for thread in threads:
    thread.join(12)
lost, read = missing() if spec["etcd"] is not None else ([], 0)
say("end", missing=lost, read=read, acknowledged=len(acknowledged))
