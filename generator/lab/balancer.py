"""balancer.py LISTEN... -- SERVER...: a TCP balancer with a health monitor, as a cloud has one before an API. Addresses are
host:port. A server is asked for /readyz every 5 s, has 3 s to answer, and is left out after 2 failures (the health monitor that
`triskel boot` makes in Octavia by itself); its connections go on."""

import asyncio
import os
import ssl
import sys

DELAY, TIMEOUT, RETRIES = 5, 3, 2


def address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


class Servers:
    def __init__(self, servers):
        self.servers = servers
        self.up = set()
        self.turn = 0

    def next(self):
        """The next that is up, in turns; None when there is none."""
        for _ in self.servers:
            self.turn += 1
            server = self.servers[self.turn % len(self.servers)]
            if server in self.up:
                return server
        return None

    async def monitor(self, server):
        failures = 0
        while True:
            try:
                await asyncio.wait_for(ready(server), TIMEOUT)
                failures = 0
                self.up.add(server)
            except (OSError, asyncio.TimeoutError, ssl.SSLError):
                failures += 1
                if failures >= RETRIES:
                    self.up.discard(server)
            await asyncio.sleep(DELAY)


async def ready(server):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(*server, ssl=context)
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: kubernetes\r\nConnection: close\r\n\r\n")
        status = (await reader.readline()).split()
        if len(status) < 2 or status[1] != b"200":
            raise OSError("not ready")
    finally:
        writer.close()


async def pass_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def lead(servers, reader, writer):
    server = servers.next()
    try:
        if server is None:
            return
        upstream, downstream = await asyncio.wait_for(asyncio.open_connection(*server), TIMEOUT)
        try:
            await asyncio.gather(pass_on(reader, downstream), pass_on(upstream, writer))
        finally:
            downstream.close()
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()


async def serve(listen, servers):
    for host, port in listen:
        await asyncio.start_server(lambda *streams: lead(servers, *streams), host, port)
    print("ready", flush=True)
    # Nobody reads on.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    await asyncio.gather(*(servers.monitor(server) for server in servers.servers))


middle = sys.argv.index("--")
asyncio.run(serve([address(text) for text in sys.argv[1:middle]], Servers([address(text) for text in sys.argv[middle + 1 :]])))
