"""Reads user-data from standard input as cloud-init does, and writes what it read as JSON."""

import json
import sys

import yaml
from cloudinit import util
from cloudinit.config.cc_write_files import canonicalize_extraction, extract_contents

config = yaml.safe_load(util.decomp_gzip(sys.stdin.buffer.read()))
json.dump(
    {
        "config": config,
        "files": {
            item["path"]: util.decode_binary(
                extract_contents(item["content"], canonicalize_extraction(item.get("encoding")))
            )
            for item in config["write_files"]
        },
        "script": util.shellify(config["runcmd"]),
    },
    sys.stdout,
)
