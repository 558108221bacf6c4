"""Where a class finds the dashboard: the address of this machine in its network, and the same as a QR code."""

from __future__ import annotations

import io
import socket

import segno

# nothing is sent there: the system only says which of its own addresses it would use
_ELSEWHERE = (("192.0.2.1", 9), ("10.255.255.255", 9))


def own() -> str:
    """This machine's number in its network; its name where it has none."""
    for elsewhere in _ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(elsewhere)
                found = probe.getsockname()[0]
            except OSError:  # no network leads there
                continue
        if not found.startswith(("127.", "0.")):
            return found
    return socket.gethostname()


def url(host: str, port: int) -> str:
    """What a browser is told."""
    return f"http://{host}" if port == 80 else f"http://{host}:{port}"


def qr(text: str) -> str:
    """A QR code for a terminal."""
    picture = io.StringIO()
    segno.make(text, micro=False).terminal(picture, compact=True)
    return picture.getvalue()
