"""Every proxy reads its configuration, keeps a browser with its dashboard, and passes on the name it was asked by."""

import http.cookiejar
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import servers
from classroom import proxy
from classroom.dashboards import LOCAL, Dashboard, StartError
from ui.server.cookie import NAME

BINARIES = {
    each.name: shutil.which(each.name) or shutil.which(each.name, path="/usr/sbin:/usr/local/sbin")
    for each in proxy.PROXIES
}
CHECKS = {
    "haproxy": lambda binary, file: [binary, "-c", "-f", str(file)],
    "nginx": lambda binary, file: [binary, "-t", "-p", str(file.parent), "-c", str(file)],
    "caddy": lambda binary, file: [binary, "validate", "--adapter", "caddyfile", "--config", str(file)],
}
every_proxy = pytest.mark.parametrize("kind", proxy.PROXIES, ids=lambda kind: kind.name)


def binary_of(kind):
    if not (binary := BINARIES[kind.name]):
        pytest.skip(f"{kind.name} is not installed")
    return binary


@contextmanager
def dashboard(name, host=LOCAL, port=0):
    """A small server that says its name and what it was asked, as a dashboard gives out its cookie."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = f"{name} {self.headers['Host']}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            if NAME not in self.headers.get("Cookie", ""):
                self.send_header("Set-Cookie", f"{NAME}={threading.get_ident()}-{id(self)}; Path=/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((host, port), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(kind, binary, folder, addresses):
    port, file = servers.free_port(), folder / "configuration"
    file.write_text(kind.configuration(port, addresses))
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(kind.command(binary, file), cwd=folder, stdout=log, stderr=log)
    try:
        Dashboard(LOCAL, port, {}, process).wait()
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(30)


class NameServer:
    """Says of every name that it is at one address: `at`, which may change."""

    def __init__(self, at):
        self.at = at
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOCAL, 0))
        self.address = f"{LOCAL}:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._answer)

    def __enter__(self):
        self._thread.start()
        return self

    def _answer(self):
        while True:
            query, who = self._socket.recvfrom(512)
            if not query:
                return
            question = query[12 : query.index(0, 12) + 5]
            counts = b"\0\1\0\1\0\0\0\0"
            record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(self.at)
            self._socket.sendto(query[:2] + b"\x81\x80" + counts + question + record, who)

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()


@every_proxy
def test_it_reads_its_configuration(kind, tmp_path):
    file = tmp_path / "configuration"
    file.write_text(kind.configuration(8501, ["10.0.0.11:8501", "10.0.0.12:8502"]))
    found = subprocess.run(CHECKS[kind.name](binary_of(kind), file), cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "10.0.0.11:8501" in file.read_text() and "10.0.0.12:8502" in file.read_text()


@every_proxy
def test_a_browser_stays_with_its_dashboard_and_browsers_are_spread(kind, tmp_path):
    with (
        dashboard("one") as one,
        dashboard("two") as two,
        running(kind, binary_of(kind), tmp_path, [one, two]) as address,
    ):
        met = set()
        for _ in range(40):  # nginx takes them by a hash of their cookie: all alike in one of 2 ** 39 tries
            jar = http.cookiejar.CookieJar()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
            opener.open(f"{address}/page", timeout=30).read()  # brings the cookies
            said = {opener.open(f"{address}/{each}", timeout=30).read().decode() for each in range(2)}
            assert len(said) == 1
            name, host = said.pop().split()
            assert f"http://{host}" == address
            met.add(name)
        assert met == {"one", "two"}


def test_a_dashboard_that_has_moved_is_found_by_its_name(tmp_path):
    """As a container that is made anew."""
    kind = next(each for each in proxy.PROXIES if each.name == "haproxy")
    binary = binary_of(kind)
    with NameServer(LOCAL) as names:

        def configuration(*given):
            return kind.configuration(*given).replace("parse-resolv-conf", f"nameserver here {names.address}")

        asking = replace(kind, configuration=configuration)
        with dashboard("before") as before:
            port = before.rpartition(":")[2]
            with running(asking, binary, tmp_path, [f"dashboard:{port}"]) as address:
                assert said_at(address) == "before"
                with dashboard("after", "127.0.0.2", int(port)):
                    names.at = "127.0.0.2"
                    deadline = time.monotonic() + 60
                    while said_at(address) != "after":
                        assert time.monotonic() < deadline
                        time.sleep(0.1)


def said_at(address):
    """Who answers there."""
    return urllib.request.urlopen(f"{address}/page", timeout=30).read().decode().split()[0]


def test_numbers_are_not_looked_up():
    kind = next(each for each in proxy.PROXIES if each.name == "haproxy")
    for address in ("10.0.0.11:8501", "[::1]:8501"):
        assert "resolvers" not in kind.configuration(8501, [address])
        assert kind.configuration(8501, [address, "lab.example:8501"]).count(" resolvers names") == 1


def test_what_cannot_be_listened_on_is_said(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    with pytest.raises(StartError, match="is the port free"):
        Dashboard(LOCAL, servers.free_port(), {}, ended).wait()


def test_the_configuration_for_several_machines_is_printed(capsys):
    proxy.main(["nginx", "80", "10.0.0.11:8501", "10.0.0.12:8501"])
    assert "server 10.0.0.12:8501" in capsys.readouterr().out
    for wrong in ([], ["apache", "80", "a:1"], ["nginx", "web", "a:1"]):
        with pytest.raises(SystemExit, match="PORT HOST:PORT"):
            proxy.main(wrong)
