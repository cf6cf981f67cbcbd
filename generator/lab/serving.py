"""How the programs of a lab serve that are Triskel's own: each connection on a thread of its own, and clients that break off
make no noise. It is put in front of their texts."""

import http.server
import os
import socket
import ssl


class Quiet(http.server.BaseHTTPRequestHandler):
    def handle(self):
        try:
            super().handle()
        except (OSError, ssl.SSLError):
            pass

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, port, answers):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), answers)

    def handle_error(self, request, client_address):
        pass


class Secure(Server):
    """The handshake is made by the connection's own thread: a client that is silent holds up nobody."""

    def __init__(self, address, port, answers, context):
        self.context = context
        super().__init__(address, port, answers)

    def finish_request(self, request, client_address):
        request.settimeout(60)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


def notify_ready():
    """systemd's Type=notify (sd_notify(3))."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notification:
            notification.connect("\0" + path[1:] if path[0] == "@" else path)
            notification.send(b"READY=1")
