"""mirror.py FOLDER CERTIFICATE KEY ADDRESS...: the folder's files by http and by https, on the well-known ports of these addresses."""

import functools
import http.server
import os
import socket
import ssl
import sys
import threading


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, address, port, handler):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), handler)

    def handle_error(self, request, client_address):
        pass


class Secure(Server):
    """The handshake is made by the connection's own thread: a client that is silent holds up nobody."""

    context = None

    def finish_request(self, request, client_address):
        request.settimeout(60)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


folder, certificate, key, *addresses = sys.argv[1:]
handler = functools.partial(Files, directory=folder)
Secure.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
Secure.context.load_cert_chain(certificate, key)
servers = [kind(address, port, handler) for address in addresses for kind, port in ((Server, 80), (Secure, 443))]
for server in servers:
    threading.Thread(target=server.serve_forever).start()
print("ready", flush=True)
# Nobody reads on.
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)
