#!/usr/bin/python3
"""Fetches a node's payload, the user data that is too large for the cloud, and lets cloud-init apply it.

Arguments: URL, sha512 and, where the system's own CAs do not know the server, a file of CA certificates.
It tries again for as long as the server is away. What has another sha512 is not applied, and the boot ends there.
Python, for cloud-init brings it: no other program that fetches is on every image before packages are installed.
"""

import hashlib
import http.client
import os
import ssl
import subprocess
import sys
import time
import urllib.request

# What cloud-init has read of the user data (explanation/introduction in its documentation); every module reads it anew.
CONFIG = "/var/lib/cloud/instance/cloud-config.txt"
# What cloud-init makes of its runcmd.
COMMANDS = "/var/lib/cloud/instance/scripts/runcmd"
# The modules that read the parts of a payload, in the order in which a boot runs them.
MODULES = ("write_files", "package_update_upgrade_install", "runcmd")


def say(state, text):
    # A line of the boot report (docs/boot-report.md). The script that writes the others may be what is being fetched.
    plain = text.encode("ascii", "replace").decode().replace('"', "'").replace("\n", " ")
    print('triskel/1 node=%s phase=configuration %s say="%s"' % (os.uname().nodename, state, plain), flush=True)


def fail(text):
    say("state=failed exit=1", text + "; nothing was started")
    sys.exit(1)


def fetch(url, ca):
    context = ssl.create_default_context(cafile=ca) if url.startswith("https:") else None
    pause = 2
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60, context=context) as answer:
                return answer.read()
        except (OSError, http.client.HTTPException) as error:
            say("state=waiting", "cannot fetch %s (%s); trying again in %d s" % (url, error, pause))
        time.sleep(pause)
        pause = min(2 * pause, 60)


def apply(payload):
    new = CONFIG + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(payload)
    os.rename(new, CONFIG)
    for module in MODULES:
        subprocess.run(["cloud-init", "single", "--name", module, "--frequency", "always"], check=True)


def main(url, sha512, ca=None):
    payload = fetch(url, ca)
    if hashlib.sha512(payload).hexdigest() != sha512:
        fail("%s does not have the sha512 %s" % (url, sha512))
    try:
        apply(payload)
    except subprocess.CalledProcessError as error:
        fail("the payload is only applied in part: %s" % error)
    os.execv(COMMANDS, [COMMANDS])


main(*sys.argv[1:])
