"""mirror.py FOLDER CERTIFICATE KEY: the folder's files by http and by https, on the well-known ports of every address."""

import functools
import http.server
import os
import socket
import ssl
import sys
import threading


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 128

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

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


folder, certificate, key = sys.argv[1:]
handler = functools.partial(Files, directory=folder)
plain = Server(("::", 80), handler)
secure = Secure(("::", 443), handler)
secure.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
secure.context.load_cert_chain(certificate, key)
threading.Thread(target=plain.serve_forever).start()
print("ready", flush=True)
# Nobody reads on.
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)
secure.serve_forever()
