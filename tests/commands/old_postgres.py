"""A door to a PostgreSQL behind which it looks like an older one: all else that passes is left as it is."""

import socket
import threading
from contextlib import suppress
from types import TracebackType


class OldPostgres:
    """Listens on a loopback port while its block runs; clients are told `version` as the server's."""

    def __init__(self, unix_socket: str, real: str, version: str) -> None:
        assert len(real) == len(version)  # messages carry their length
        self._unix_socket = unix_socket
        self._real, self._version = (f"server_version\0{each}\0".encode() for each in (real, version))
        self._door = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        """The port."""
        threading.Thread(target=self._let_in, daemon=True).start()
        return self._door.getsockname()[1]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._unix_socket)
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while told := source.recv(65536):
                target.sendall(told.replace(self._real, self._version))
        for end in (source, target):
            end.close()
