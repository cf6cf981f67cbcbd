"""mirror.py FOLDER CERTIFICATE KEY ADDRESS...: the folder's files by http and by https, on the well-known ports of these addresses.
serving.py is put in front of this text."""

import functools
import http.server
import os
import ssl
import sys
import threading


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


folder, certificate, key, *addresses = sys.argv[1:]
handler = functools.partial(Files, directory=folder)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
for address in addresses:
    for server in (Server(address, 80, handler), Secure(address, 443, handler, context)):
        threading.Thread(target=server.serve_forever).start()
print("ready", flush=True)
# Nobody reads on.
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)
