"""`make classroom`: a dashboard for every core behind a proxy, open to the network, with its address as a QR code.

PORT=9000, PROCESSES=4 and LAYER_LAB_TEACHER=… in the environment say otherwise. It speaks the language of the terminal.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import words
from classroom import address, proxy
from classroom.dashboards import LOCAL, Dashboard, StartError, cores, environment, free_ports
from ui.shared import visitor
from words import N_, _

_PORT = 8501
_LOOK_S = 0.5
_EVERYWHERE = "0.0.0.0"
_NO_PROXY = N_(
    "No HAProxy, nginx or Caddy is installed, so one process serves all, on one core: enough for ten pupils. "
    "For more, install one of them (on Debian and Ubuntu: apt install haproxy)."
)


def main() -> None:
    """Start all, say where it is, and see that it stays until Ctrl+C or SIGTERM."""
    words.listen(_of_terminal)
    signal.signal(signal.SIGTERM, _interrupt)
    port, wanted = _number("PORT", _PORT), _number("PROCESSES", cores())
    teacher = "" if visitor.has_teacher() else "-".join(secrets.token_hex(2) for _part in range(3))
    found = proxy.installed() if wanted > 1 else None
    with tempfile.TemporaryDirectory(prefix="layer-lab-class-") as folder, contextlib.ExitStack() as stack:
        shared = environment(teacher)
        if found is None:
            dashboards = [Dashboard(_EVERYWHERE, port, shared)]
        else:
            dashboards = [Dashboard(LOCAL, each, shared) for each in free_ports(wanted)]
        for dashboard in dashboards:
            stack.callback(dashboard.stop)
            dashboard.start()
        with contextlib.suppress(KeyboardInterrupt):
            for dashboard in dashboards:
                dashboard.wait()
            front = _front(found, port, dashboards, Path(folder)) if found else None
            if front:
                stack.callback(_end, front)
            _tell(port, teacher, _what(len(dashboards), found[0].name if found else ""))
            if wanted > 1 and not found:
                print(_(_NO_PROXY))
            _stay(dashboards, front)


def _of_terminal() -> str:
    """The language that the environment names, as POSIX has it ("ko_KR.UTF-8"); English where it is none of ours."""
    said = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return words.asked(said.partition(".")[0].replace("_", "-"))


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt


def _number(name: str, usual: int) -> int:
    said = os.environ.get(name) or str(usual)
    if not said.isdecimal() or not 1 <= int(said) <= 65535:
        raise SystemExit(_("{name} should be a whole number from 1 to 65535, not {said!r}.", name=name, said=said))
    return int(said)


def _front(found: tuple[proxy.Proxy, str], port: int, dashboards: list[Dashboard], folder: Path) -> subprocess.Popen:
    """The proxy, once it runs. Raises StartError."""
    kind, binary = found
    file = folder / f"{kind.name}.conf"
    file.write_text(kind.configuration(port, [f"{LOCAL}:{each.port}" for each in dashboards]), encoding="utf-8")
    log = folder / "log"
    with open(log, "wb") as output:
        front = subprocess.Popen(
            kind.command(binary, file), cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
    try:
        Dashboard(LOCAL, port, {}, front).wait()
    except StartError as error:
        _end(front)
        said = " ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:])
        raise StartError(
            _(
                "{proxy} should listen on port {port}, and does not. It says: {said}",
                proxy=kind.name,
                port=port,
                said=said,
            )
        ) from error
    return front


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _what(count: int, proxy_name: str) -> str:
    if not proxy_name:
        return _("one dashboard")
    return _("{count} dashboards behind {proxy}", count=count, proxy=proxy_name)


def _tell(port: int, teacher: str, what: str) -> None:
    where = address.url(address.own(), port)
    print(address.qr(where))
    print(_("Layer Lab for a class: {where}   ({what}; Ctrl+C ends it)", where=where, what=what))
    if teacher:
        said = _(
            "Teacher's password, this time: {password}   (LAYER_LAB_TEACHER=… make classroom sets your own)",
            password=teacher,
        )
        print(said)
    print("", end="", flush=True)


def _stay(dashboards: list[Dashboard], front: subprocess.Popen | None) -> None:
    """Start again what ends; without the proxy there is nothing to stay for."""
    while front is None or front.poll() is None:
        for dashboard in dashboards:
            if dashboard.ended:
                dashboard.start()
        time.sleep(_LOOK_S)
    raise StartError(_("The proxy should run for as long as the class, and has ended."))


if __name__ == "__main__":
    try:
        main()
    except StartError as error:
        raise SystemExit(str(error)) from error
