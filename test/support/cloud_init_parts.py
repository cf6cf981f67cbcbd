"""Reads user-data with parts from standard input as cloud-init does at boot, and writes what it made of them as JSON."""

import json
import logging
import os
import sys
import tempfile

import yaml
from cloudinit import handlers, helpers
from cloudinit.handlers.cloud_config import CloudConfigPartHandler
from cloudinit.handlers.shell_script import ShellScriptPartHandler
from cloudinit.settings import PER_INSTANCE
from cloudinit.user_data import UserDataProcessor

logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
boothooks = {}


class Boothook(handlers.Handler):
    """In place of cloud-init's own, which would run it."""

    prefixes = ["#cloud-boothook"]

    def __init__(self):
        handlers.Handler.__init__(self, PER_INSTANCE)

    def handle_part(self, data, ctype, filename, payload, frequency):
        if ctype not in handlers.CONTENT_SIGNALS:
            boothooks[filename] = payload


with tempfile.TemporaryDirectory() as folder:
    paths = helpers.Paths({"cloud_dir": folder, "run_dir": folder})
    paths.get_ipath_cur = paths.get_ipath = lambda name=None: os.path.join(folder, name or "")
    message = UserDataProcessor(paths).process(sys.stdin.buffer.read())
    known = helpers.ContentHandlers()
    all_handlers = (CloudConfigPartHandler(paths), ShellScriptPartHandler(paths), Boothook())
    for handler in all_handlers:
        known.register(handler)
        handlers.call_begin(handler, {}, PER_INSTANCE)
    state = {"handlers": known, "data": {}, "frequency": PER_INSTANCE, "excluded": []}
    handlers.walk(message, handlers.walker_callback, state)
    for handler in all_handlers:
        handlers.call_end(handler, {}, PER_INSTANCE)
    scripts = os.path.join(folder, "scripts")
    texts = {}
    for name in sorted(os.listdir(scripts)) if os.path.isdir(scripts) else []:
        with open(os.path.join(scripts, name), encoding="utf-8") as script:
            texts[name] = script.read()
    with open(os.path.join(folder, "cloud_config"), encoding="utf-8") as config:
        json.dump({"config": yaml.safe_load(config), "scripts": texts, "boothooks": boothooks}, sys.stdout)
