"""The server on 127.0.0.1, in a thread of its own."""

import functools
import socketserver
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalice.local import ThreadedHTTPServer

from infra.local import files
from infra.local.connections import Connection
from infra.local.exchange import Answer, Asked, Refusals, Refused, Respond
from infra.local.settings import HOST

LOOKS_FOR_ITS_END = 0.1
FINISHES_WITHIN = 10.0


class LocalServer(ThreadedHTTPServer):  # type: ignore[misc]
    """Holds its port from the moment it is made, and answers from when it is started."""

    request_queue_size = 128

    def __init__(self, port: int) -> None:
        """Raises OSError where the port is taken."""
        super().__init__((HOST, port), Connection)
        self._counting = threading.Condition()
        self._under_way = 0
        self._closed = False
        self._thread = threading.Thread(
            target=self.serve_forever, args=(LOOKS_FOR_ITS_END,), daemon=True
        )

    def start(self, respond: Respond, refusals: Refusals, access_log: Path) -> None:
        self.RequestHandlerClass = functools.partial(
            Connection,
            respond=functools.partial(self._counted, respond),
            refusals=refusals,
            access_log=files.open_log(access_log),
        )
        self._thread.start()

    def stop(self) -> None:
        """Takes no new requests, and waits for those under way."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()
        with self._counting:
            self._closed = True
            self._counting.wait_for(lambda: self._under_way == 0, FINISHES_WITHIN)

    def _counted(self, respond: Respond, asked: Asked) -> Answer:
        with self._counting:
            if self._closed:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            self._under_way += 1
        try:
            return respond(asked)
        finally:
            with self._counting:
                self._under_way -= 1
                self._counting.notify_all()

    def server_bind(self) -> None:
        """Without asking a name server what this machine is called."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is nobody's fault here."""
