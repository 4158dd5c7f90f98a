"""Reads /ws/live as a browser does."""

import asyncio
import json

import websockets


def connect(line, query=""):
    """A WebSocket with the session of `line`, as an asynchronous context."""
    url = line.url.replace("http", "ws") + "/ws/live" + query
    return websockets.connect(url, origin=line.url,
                              extra_headers={"Cookie": line.cookie_header()})


async def messages(line, seconds, query=""):
    """Yields every live message for `seconds`, with the session of `line`."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    async with connect(line, query) as socket:
        while (left := end - loop.time()) > 0:
            try:
                yield json.loads(await asyncio.wait_for(socket.recv(), left))
            except asyncio.TimeoutError:
                return


def collect(line, seconds, query=""):
    """All live messages of the next `seconds`."""
    async def gather():
        return [message async for message in messages(line, seconds, query)]
    return asyncio.run(gather())
