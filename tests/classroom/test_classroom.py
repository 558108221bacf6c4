"""`make classroom`, whole: its address, its dashboards, one that dies, and the end of all of them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from bench import processes, servers
from classroom import address, dashboards, proxy
from ui.shared import visitor

PATIENCE_S = 120


def until(found, what):
    deadline = time.monotonic() + PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return value


@pytest.mark.skipif(not processes.available() or not proxy.installed(), reason="needs Linux and a reverse proxy")
def test_a_class_is_served_and_a_dashboard_that_dies_is_started_again(tmp_path):
    port = servers.free_port()
    environment = os.environ | {"PORT": str(port), "PROCESSES": "2", "LAYER_LAB_RUNS": str(tmp_path)}
    with open(tmp_path / "said", "w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "classroom"], cwd=servers.ROOT, env=environment, stdout=said, stderr=said
        )
        try:
            until(lambda: "Ctrl+C ends it" in (tmp_path / "said").read_text(), "it should say its address")
            words = (tmp_path / "said").read_text()
            assert f"{address.url(address.own(), port)} " in words and "2 dashboards behind" in words
            assert "Teacher's password, this time: " in words and "▄" in words
            with urllib.request.urlopen(f"http://localhost:{port}/", timeout=60) as page:
                assert page.status == 200 and "layer_lab_visitor" in str(page.headers.get_all("Set-Cookie"))
            before = processes.children(process.pid)
            assert len(before) == 3  # two of them and the proxy
            os.kill(before[0], signal.SIGKILL)
            until(lambda: len({*processes.children(process.pid)} - {*before}) == 1, "another one should be started")
            servers.wait_until_healthy(port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    until(lambda: not any(map(processes.memory_mb, before[1:])), "all of them should end")


def test_dashboards_of_a_class_know_it_and_share_what_they_must(monkeypatch):
    shared = dashboards.environment("secret")
    assert shared[visitor.VARIABLE] == "secret" and len(shared["STREAMLIT_SERVER_COOKIE_SECRET"]) == 64
    assert visitor.VARIABLE not in dashboards.environment("")
    assert not visitor.shared()  # this test's own server answers this machine only, and nobody said otherwise
    for name, value in dashboards.environment("").items():
        monkeypatch.setenv(name, value)
    assert visitor.shared() and len({*dashboards.free_ports(5)}) == 5


def test_an_address_is_a_code_that_is_its_own():
    assert address.url("10.0.0.5", 80) == "http://10.0.0.5" and address.url("school", 8501) == "http://school:8501"
    one, other = address.qr("http://10.0.0.5:8501"), address.qr("http://10.0.0.6:8501")
    assert one != other and len(one.splitlines()) > 12
    assert address.own() and not address.own().startswith("127.")
