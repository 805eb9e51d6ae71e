"""Bodies of requests as they come over a connection: of a known length, or in chunks."""

from typing import BinaryIO

LINE_AT_MOST = 1024
TRAILERS_AT_MOST = 50


class Broken(Exception):
    """What came is not as HTTP/1.1 has it, or ended too soon."""


class TooMuch(Exception):
    """More than is taken."""


def read(stream: BinaryIO, length: int) -> bytes:
    """Raises Broken."""
    body = stream.read(length)
    if len(body) < length:
        raise Broken
    return body


def read_chunks(stream: BinaryIO, at_most: int) -> bytes:
    """All chunks as one (RFC 9112, 7.1). Raises Broken, TooMuch."""
    body = bytearray()
    while size := _size(_line(stream)):
        if len(body) + size > at_most:
            raise TooMuch
        body += read(stream, size)
        if _line(stream):
            raise Broken
    _skip_trailers(stream)
    return bytes(body)


def _size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 8 or set(digits) - set(b"0123456789abcdefABCDEF"):
        raise Broken
    return int(digits, 16)


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(LINE_AT_MOST)
    if not line.endswith(b"\r\n"):
        raise Broken
    return line[:-2]


def _skip_trailers(stream: BinaryIO) -> None:
    for _ in range(TRAILERS_AT_MOST):
        if not _line(stream):
            return
    raise Broken
