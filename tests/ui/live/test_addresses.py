"""An address leads to the bytes of its hash, also on a server that has never made them, or to nothing."""

import hashlib
import re
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from bench import servers
from core.live.bundle import Bundle, bundle
from core.network import saved
from core.network.importing import Imported
from core.network.network import NetworkError
from core.network.presets import BASIC_CNN, PRESETS, Blocks
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests import loops
from ui.live import addresses, scripts
from ui.server.live import Live
from ui.shared import networks
from ui.shared.networks import Chosen

SMALL = "Conv2D 2 3 relu - Flatten - Dense 10 softmax"


@pytest.fixture(autouse=True)
def restarted():
    """A function that leaves of the server what is left after a restart; called before each test."""

    def restart():
        addresses._shelf.clear()
        addresses._known.clear()

    restart()
    return restart


def parts(address):
    """Hash, file and query of an address."""
    split = urlsplit(address)
    _, hash, file = split.path.split("/")
    return hash, file, dict(parse_qsl(split.query))


def behind(address):
    return addresses.content(*parts(address))


def a_run(epochs=2):
    """A run whose epochs have weights that differ."""
    spec = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())
    run = folders.create(spec, "mine")
    shapes = [s for stage in run.spec.seeded.stages() for s in stage.spec.weight_shapes(stage.input_shape)]
    for epoch in range(epochs + 1):
        files.write_arrays(run.weights_path(epoch), [np.full(shape, epoch, np.float32) for shape in shapes])
    return run


def assert_found_again(address, restart):
    first = behind(address)
    assert hashlib.sha256(first).hexdigest() == parts(address)[0]
    restart()
    assert behind(address) == first
    return first


@pytest.mark.parametrize("numbers", ["float32", "int8"])
def test_the_shipped_network_is_found_again_and_is_that_of_keras(restarted, numbers):
    address = addresses.network(networks.named("shipped"), numbers)
    found = assert_found_again(address, restarted)
    weights = saved.load_pretrained().get_weights()
    expected = bundle(PRESETS[BASIC_CNN], weights, numbers, about={"net": "shipped", "epoch": -1})
    assert found == expected.data


def test_the_first_page_need_not_wait_for_tensorflow():
    code = (
        "import sys; from ui.live import addresses; from ui.shared import networks;"
        "hash = addresses.network(networks.Chosen('shipped')).split('/')[1];"
        "addresses.content(hash, 'network.bin', {}) or sys.exit(2);"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=servers.ROOT, check=False).returncode == 0


def test_where_the_shipped_network_is_missing_there_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(saved, "FILE", tmp_path / "gone.keras")
    with pytest.raises(NetworkError, match=r"expected in .*/gone\.keras, and there is no such file"):
        addresses.network(Chosen("shipped"))
    query = {"net": "shipped", "epoch": "-1", "numbers": "float32"}
    assert addresses.content("0" * 64, "network.bin", query) is None


def test_a_network_whose_weights_are_drawn_is_found_again(restarted):
    assert_found_again(addresses.network(Chosen(SMALL)), restarted)


def test_an_epoch_of_a_run_is_found_again_until_the_run_is_deleted(restarted, own_runs):
    run = a_run()
    one, two = (addresses.network(networks.named(run.id, epoch)) for epoch in (1, 2))
    assert one != two
    assert assert_found_again(one, restarted) != assert_found_again(two, restarted)
    folders.remove(run)
    assert behind(two) is not None  # still kept
    restarted()
    assert behind(two) is None


def test_newest_weights_that_have_moved_on_are_no_longer_behind_the_old_address(restarted, own_runs):
    run = a_run()
    old = addresses.network(networks.named(run.id))
    other = [array + 1 for array in run.weights()]
    files.write_arrays(run.folder / folders.LATEST, other)
    restarted()
    assert behind(old) is None
    new = addresses.network(networks.named(run.id))
    assert new != old and assert_found_again(new, restarted)


def test_a_network_out_of_a_file_comes_back_with_its_session(restarted, monkeypatch):
    made = networks.parsed(SMALL)
    weights = tuple(
        np.zeros(s, np.float32) for stage in made.stages() for s in stage.spec.weight_shapes(stage.input_shape)
    )
    key = f"file-{'0' * 16}"
    monkeypatch.setattr(networks, "_imported", lambda: {key: Imported(made, weights)})
    address = addresses.network(networks.named(key))
    first = behind(address)
    addresses._shelf.clear()
    assert behind(address) is None
    assert addresses.network(networks.named(key)) == address and behind(address) == first


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"net": "shipped", "epoch": "-1", "numbers": "float32"},  # right, and of another hash
        {"net": "shipped", "epoch": "one", "numbers": "float32"},
        {"net": "shipped", "numbers": "float64"},
        {"net": "Flatten - Conv2D 3 3", "numbers": "float32"},
        {"net": "20260101-000000-abcde", "numbers": "float32"},
        {"net": "../../etc/passwd", "numbers": "float32"},
        {"net": f"file-{'0' * 16}", "numbers": "float32"},
        {"net": "x" * 9000, "numbers": "float32"},
    ],
)
def test_behind_any_other_hash_is_nothing(query):
    assert addresses.content("0" * 64, "network.bin", query) is None
    assert addresses.content("0" * 64, "engine.js", query) is None
    assert addresses.content(parts(addresses.engine())[0], "other.js", query) is None


def test_what_is_kept_is_bounded_in_bytes_and_what_was_used_last_stays():
    shelf = addresses.Shelf(1000)
    made = [Bundle(bytes([number]) * 300) for number in range(4)]
    for each in made[:3]:
        shelf.put(each)
    assert shelf.get(made[0].hash) is made[0]
    shelf.put(made[3])
    assert [shelf.get(each.hash) is not None for each in made] == [True, False, True, True]
    shelf.put(Bundle(b"x" * 1001))
    shelf.put(made[3])
    assert shelf.size == 900 and shelf.get(made[3].hash) is made[3]


def test_what_nobody_asks_for_any_more_goes_with_the_next_one(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(addresses, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shelf = addresses.Shelf(10_000)
    fetched, asked_for, new, put_again = (Bundle(bytes([number]) * 300) for number in range(4))
    for each in (fetched, asked_for, put_again):
        shelf.put(each)
    now[0] += addresses.KEPT_S - 1
    assert shelf.get(asked_for.hash) and shelf.size == 900
    shelf.put(put_again)
    now[0] += 2
    shelf.put(new)
    assert [shelf.get(each.hash) for each in (fetched, asked_for, new, put_again)] == [None, asked_for, new, put_again]
    assert shelf.size == 900


async def _passed(scope, receive, send):
    await send({"type": "passed"})


def asked(path, method="GET", query="", **headers):
    """Status, headers and body that the middleware answers, or "passed"."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    loops.run(Live(_passed, "ui.live.addresses", "ui.home.early")(scope, None, send))
    if sent == [{"type": "passed"}]:
        return "passed"
    start, body = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


@pytest.mark.parametrize("folder", ["", "/lab", "/some/where"])
def test_the_engine_is_served_for_ever_below_any_folder(folder):
    status, headers, body = asked(f"{folder}/{addresses.engine()}", accept_encoding="gzip")
    assert (status, body) == (200, scripts.engine().encode())
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in headers["cache-control"] and "content-encoding" not in headers
    assert headers["content-length"] == str(len(body))


def test_a_network_is_served_as_it_is():
    path, _, query = addresses.network(networks.named("shipped"), "int8").partition("?")
    status, headers, body = asked(f"/{path}", query=query, accept_encoding="gzip, br")
    assert status == 200 and hashlib.sha256(body).hexdigest() == path.split("/")[1]
    assert headers["content-type"] == "application/octet-stream" and "content-encoding" not in headers
    status, headers, empty = asked(f"/{path}", "HEAD", query)
    assert (status, empty, headers["content-length"]) == (200, b"", str(len(body)))


def test_what_a_browser_has_is_not_sent_again():
    address = addresses.engine()
    status, _, body = asked(f"/{address}", if_none_match=f'W/"x", "{parts(address)[0]}"')
    assert (status, body) == (304, b"")


def test_what_is_not_there_is_not_kept():
    status, headers, _ = asked(f"/live/{'0' * 64}/network.bin", query="net=shipped&numbers=float32&epoch=-1")
    assert status == 404 and headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/live", "GET"),
        ("/live/abc/engine.js", "GET"),
        (f"/live/{'0' * 64}/a/engine.js", "GET"),
        (f"/alive/{'0' * 64}/engine.js", "GET"),
        (f"/live/{'0' * 64}/engine.js", "POST"),
    ],
)
def test_everything_else_is_streamlits(path, method):
    assert asked(path, method) == "passed"


def test_an_address_holds_only_what_an_address_may():
    assert re.fullmatch(r"live/[0-9a-f]{64}/network\.bin\?[\w%+.&=-]+", addresses.network(Chosen(SMALL)))


@pytest.mark.parametrize("numbers", ["float32", "int8"])
def test_an_address_without_a_hash_leads_to_the_epoch(own_runs, numbers, restarted):
    run = a_run()
    for epoch in (0, 1, 2, networks.NEWEST):
        path, _, query = addresses.leading_on(networks.named(run.id, epoch), numbers).partition("?")
        status, headers, body = asked(f"/lab/{path}", query=query)
        assert (status, headers["cache-control"], body) == (307, "no-store", b"")
        # relative to the folder `live` that it was asked in
        assert f"live/{headers['location']}" == addresses.network(networks.named(run.id, epoch), numbers)
        path, _, query = f"live/{headers['location']}".partition("?")
        status, headers, body = asked(f"/lab/{path}", query=query)
        assert status == 200 and hashlib.sha256(body).hexdigest() == path.split("/")[1]
        restarted()


def test_newest_weights_that_have_moved_on_have_another_address(own_runs):
    run = a_run()
    old = addresses.leading_on(networks.named(run.id))
    led = addresses.led_to("network.bin", dict(parse_qsl(urlsplit(old).query)))
    files.write_arrays(run.folder / folders.LATEST, [array + 1 for array in run.weights()])
    new = addresses.leading_on(networks.named(run.id))
    assert new != old and addresses.led_to("network.bin", dict(parse_qsl(urlsplit(new).query))) != led


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("engine.js", {}),
        ("network.bin", {"epoch": "7"}),
        ("network.bin", {"epoch": "-5"}),
        ("network.bin", {"epoch": "one"}),
        ("network.bin", {"net": "shipped"}),
        ("network.bin", {"net": "20260101-000000-gone"}),
        ("network.bin", {"net": ""}),
        ("network.bin", {"numbers": "float8"}),
    ],
)
def test_what_is_no_epoch_leads_nowhere(own_runs, file, change):
    run = a_run()
    query = {"net": run.id, "epoch": "1", "numbers": "float32"}
    assert addresses.led_to("network.bin", query)
    assert addresses.led_to(file, query | change) is None
    text = "&".join(f"{key}={value}" for key, value in (query | change).items())
    status, headers, _ = asked(f"/live/{file}", query=text)
    assert status == 404 and headers["cache-control"] == "no-store"
