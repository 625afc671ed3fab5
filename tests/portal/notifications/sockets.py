"""A page's end of a WebSocket, for tests: `channels.testing` would need another server."""

from asgiref.testing import ApplicationCommunicator
from django.conf import settings


class Socket(ApplicationCommunicator):
    def __init__(self, application, path, headers):
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self):
        """Whether the socket was accepted, and the code with which it was refused."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output()
        return answer["type"] == "websocket.accept", answer.get("code")

    async def hear(self):
        return (await self.receive_output())["text"]

    async def say(self, text):
        await self.send_input({"type": "websocket.receive", "text": text})

    async def leave(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()

    async def settle(self):
        """Hear everything that is said at the beginning; with Redis it may be said twice."""
        await self.hear()
        while not await self.receive_nothing(timeout=0.3 if settings.REDIS_URL else 0.01):
            await self.hear()
