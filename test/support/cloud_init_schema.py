"""Holds every file of a folder against cloud-init's own schema in one process; writes a line for each that it refuses."""

import sys
from pathlib import Path

import yaml
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema

schema = get_schema()
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        validate_cloudconfig_schema(yaml.safe_load(path.read_text()), schema, strict=True)
    except SchemaValidationError as error:
        print(f"{path.name}: {error}")
