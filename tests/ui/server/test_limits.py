"""The server answers to its own names only, and no window makes others wait."""

import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from tests import loops
from ui.server import limits
from ui.server.limits import AllowedHosts, SteadyMessages, UploadQuota

ROOT = Path(__file__).resolve().parents[3]


def answer(app, kind="http", *hosts):
    """What is sent to somebody who says these hosts; None where the app itself answers."""
    sent, reached = [], []

    async def inner(scope, receive, send):
        reached.append(scope)

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    loops.run(app(inner)({"type": kind, "path": "/", "headers": headers}, receive, send))
    assert bool(reached) != bool(sent)
    return sent or None


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LOCALHOST:8501",
        "localhost.",
        "127.0.0.1:8501",
        "[::1]:8501",
        "[::1]",
        "192.168.1.7:8501",
        socket.gethostname(),
    ],
)
def test_own_names_and_numbers_are_let_in(host, kind):
    assert answer(AllowedHosts, kind, host) is None


@pytest.mark.parametrize(
    "hosts",
    [
        ("evil.example",),
        ("evil.example:8501",),
        ("localhost.evil.example",),
        ("127.0.0.1.evil.example",),
        ("127.1",),
        ("0x7f000001",),
        ("",),
        (),
        ("localhost", "evil.example"),
        ("[evil.example]",),
        ("evil.example/localhost",),
        ("localhost@evil.example",),
        ("\xff",),
    ],
)
def test_all_others_get_a_sentence(hosts):
    start, body = answer(AllowedHosts, "http", *hosts)
    assert start["status"] == 421 and b"LAYER_LAB_HOSTS" in body["body"]
    (closed,) = answer(AllowedHosts, "websocket", *hosts)
    assert closed == {"type": "websocket.close", "code": 1008}


def test_names_can_be_added(monkeypatch):
    monkeypatch.setenv("LAYER_LAB_HOSTS", "lab.school.example, other.example")
    for host in ("lab.school.example", "OTHER.example:80", "localhost"):
        assert answer(AllowedHosts, "http", host) is None
    assert answer(AllowedHosts, "http", "school.example")


def test_the_lifespan_passes():
    assert answer(AllowedHosts, "lifespan") is None


class Clock:
    """Stands still until somebody sleeps or the test turns it."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(limits.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(limits.asyncio, "sleep", self.sleep)

    async def sleep(self, seconds):
        self.now += seconds


def received(clock, gaps):
    """When each message is read, whose windows sends it so many seconds after the one before."""
    times, due = [], []

    async def receive():
        clock.now = max(clock.now, due[len(times)])
        times.append(clock.now)
        return {"type": "websocket.receive"}

    async def inner(scope, receive, send):
        for _ in gaps:
            await receive()

    moment = clock.now
    for gap in gaps:
        moment += gap
        due.append(moment)
    loops.run(SteadyMessages(inner)({"type": "websocket"}, receive, None))
    return [time - when for time, when in zip(times, due, strict=True)]


def test_a_flood_is_read_at_a_steady_pace_and_nothing_is_lost():
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        waits = received(clock, [1 / 300] * 3000)
    assert len(waits) == 3000
    assert clock.now - 100 == pytest.approx((3000 - limits.BURST) / limits.MESSAGES_A_SECOND, rel=0.05)


@given(st.lists(st.floats(1 / 25, 2), min_size=1, max_size=200))
def test_a_fast_pupil_never_waits(gaps):
    """25 messages a second is a slider dragged without a rest, or a key held down."""
    with pytest.MonkeyPatch.context() as patch:
        assert max(received(Clock(patch), gaps)) < 1e-6


def test_a_burst_of_a_hundred_messages_waits_for_nothing():
    with pytest.MonkeyPatch.context() as patch:
        assert max(received(Clock(patch), [0.0] * 100)) < 1e-6


def test_requests_pass_as_they_are():
    seen = []

    async def inner(scope, receive, send):
        seen.append(receive)

    async def receive():
        pass

    loops.run(SteadyMessages(inner)({"type": "http"}, receive, None))
    assert seen == [receive]


def put(monkeypatch, holds, length=1000, path="/lab/_stcore/upload_file/mine/7", method="PUT"):
    """The status of an upload by a window for which Streamlit holds files of these sizes; 0 where it goes on."""
    files = {str(number): SimpleNamespace(data=bytes(size)) for number, size in enumerate(holds)}
    manager = SimpleNamespace(file_storage={"mine": files, "other": {str(i): files for i in range(100)}})
    monkeypatch.setattr(limits.runtime, "exists", lambda: True)
    monkeypatch.setattr(limits.runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))
    sent = []

    async def inner(scope, receive, send):
        await send({"status": 0})

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", str(length).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    loops.run(UploadQuota(inner)(scope, None, send))
    return sent[0]["status"]


def test_a_window_holds_a_few_files_and_no_more(monkeypatch):
    most, size = limits.MOST_FILES, limits.MOST_FILE_BYTES
    assert put(monkeypatch, []) == put(monkeypatch, [5 * 2**20] * (most - 1)) == 0
    assert put(monkeypatch, [1] * most) == 413
    assert put(monkeypatch, [1000], length=size - 1000) == 0
    assert put(monkeypatch, [1001], length=size - 1000) == 413
    assert put(monkeypatch, [1] * most, method="DELETE") == put(monkeypatch, [1] * most, path="/conv2d") == 0
    assert put(monkeypatch, [1] * most, path="/_stcore/upload_file/new/7") == 0


def test_streamlit_holds_files_where_they_are_looked_for():
    """The one place that is not public: a new version of Streamlit may call it something else."""
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("session", UploadedFileRec("1", "name", "type", b"12345"))
    assert [len(record.data) for record in manager.file_storage["session"].values()] == [5]


def test_the_configuration_keeps_the_doors_shut():
    options = pytest.importorskip("tomllib").loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert options["server"]["address"] == "localhost"  # the network is let in by who starts the server
    assert options["logger"]["enableRich"] is False  # a long error would hold the interpreter for a minute
    assert options["runner"]["postScriptGC"] is False
    assert options["client"]["showErrorDetails"] == "none"
    assert options["server"].get("enableXsrfProtection", True) and options["server"].get("enableCORS", True)
