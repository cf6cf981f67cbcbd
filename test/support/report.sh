#!/bin/sh
# In the place of /opt/triskel/report: what would be written on the consoles.
echo "$1 $2: $3"
