"""Reads /ws/live as a browser does."""

import asyncio
import json

import websockets


async def messages(line, seconds):
    """Yields every live message for `seconds`, with the session of `line`."""
    headers = {"Cookie": line.cookie_header()}
    url = line.url.replace("http", "ws") + "/ws/live"
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    async with websockets.connect(url, origin=line.url, extra_headers=headers) as socket:
        while (left := end - loop.time()) > 0:
            try:
                yield json.loads(await asyncio.wait_for(socket.recv(), left))
            except asyncio.TimeoutError:
                return


def collect(line, seconds):
    """All live messages of the next `seconds`."""
    async def gather():
        return [message async for message in messages(line, seconds)]
    return asyncio.run(gather())
