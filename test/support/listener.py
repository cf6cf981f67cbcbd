"""Listens on the TCP and UDP ports that are given, and for VRRP, on every address. Writes "ready", then what came by UDP or VRRP.
A TCP connection gets "hello" and its end; on the first port it goes on, and gets back what it sends."""
import selectors
import socket
import sys

selector = selectors.DefaultSelector()


def listen(kind, port, family=socket.AF_INET6, protocol=0):
    listener = socket.socket(family, kind, protocol)
    if kind == socket.SOCK_STREAM:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if kind != socket.SOCK_RAW:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", port))
    if kind == socket.SOCK_STREAM:
        listener.listen()
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ, (kind, port))


for port in sys.argv[1:]:
    listen(socket.SOCK_STREAM, int(port))
    listen(socket.SOCK_DGRAM, int(port))
listen(socket.SOCK_RAW, 112, socket.AF_INET, 112)
print("ready", flush=True)
while True:
    for key, _ in selector.select():
        kind, port = key.data
        if kind == "connection":
            data = key.fileobj.recv(2048)
            key.fileobj.sendall(data)
            if data == b"":
                selector.unregister(key.fileobj)
                key.fileobj.close()
        elif kind == socket.SOCK_STREAM:
            connection, _ = key.fileobj.accept()
            connection.sendall(b"hello\n")
            if port == int(sys.argv[1]):
                selector.register(connection, selectors.EVENT_READ, ("connection", port))
            else:
                connection.close()
        else:
            _, sender = key.fileobj.recvfrom(2048)
            print("vrrp" if kind == socket.SOCK_RAW else "udp", port, sender[0], flush=True)
