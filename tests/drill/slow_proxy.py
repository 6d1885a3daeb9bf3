"""Passes TCP connections on, each piece of an answer as many milliseconds later as the last line on
standard input says: slow_proxy.py HOST:PORT"""

import asyncio
import sys
import threading

delay = 0.0


def read_delays():
    global delay
    for line in sys.stdin:
        delay = float(line) / 1000


async def pass_on(reader, writer, delayed):
    pieces = asyncio.Queue()

    async def send():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            if piece is None:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()

    sending = asyncio.create_task(send())
    try:
        while piece := await reader.read(1 << 16):
            now = asyncio.get_running_loop().time()
            await pieces.put((now + (delay if delayed else 0), piece))
    except ConnectionError:
        pass
    await pieces.put((0, None))
    await asyncio.gather(sending, return_exceptions=True)


async def main():
    host, port = sys.argv[1].rsplit(":", 1)

    async def connect(reader, writer):
        try:
            there = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(pass_on(reader, there[1], False), pass_on(there[0], writer, True))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    print("listening on 127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=read_delays, daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
