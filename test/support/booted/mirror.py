"""mirror.py FOLDER CERTIFICATE KEY: the folder's files by http and by https, on the well-known ports of every address."""

import functools
import http.server
import ssl
import sys
import threading

folder, certificate, key = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
plain = http.server.ThreadingHTTPServer(("", 80), handler)
secure = http.server.ThreadingHTTPServer(("", 443), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=plain.serve_forever).start()
print("ready", flush=True)
secure.serve_forever()
