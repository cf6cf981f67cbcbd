#!/bin/sh
# The controller's clock is not to be trusted, says "Ünder the desk": two lines, a dollar sign and $(a command).
set -eu
echo "$(uname -r) – tuned" >/etc/motd
