"""Addresses of the engine and of networks that a browser may keep for ever, and what stands behind them.

    live/<hash>/engine.js
    live/<hash>/network.bin?net=shipped&epoch=-1&numbers=float32
    live/network.bin?net=20261128-101500-mine&epoch=3&numbers=float32&written=0

The hash is SHA-256 of the content, so what is behind an address never changes. The query says how the content is made:
which network, which epoch of a run, how its numbers are kept. Nothing has to be remembered for that: a server that was
restarted, or another one beside it, makes the bytes anew and serves them if they have that hash. If not (the run was
deleted, its newest weights have moved on, the program is another one) there is nothing at the address, and the page,
which asks for an address in every run of its script, gets another one. A table of addresses on disk would be one more
thing that can be lost, out of date, or never emptied. A network out of a file that somebody brought is in no file of
ours: it can be had as long as the session that it belongs to asks for its address.

The hash of weights is known once they were read. A page that offers fifty epochs cannot wait for that: it gets
addresses without a hash, which lead on to the one with it when the browser comes to the epoch.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import urlencode

import numpy as np

from core.live.bundle import NUMBERS, Bundle, bundle
from core.network import importing, notation, saved
from core.network.network import Network, NetworkError
from core.network.presets import BASIC_CNN, PRESETS
from core.runs import folders
from core.runs.folders import RunError
from ui.live import scripts
from ui.shared import cache, models, networks, warmup
from ui.shared.networks import NEWEST, SHIPPED, Chosen

ENGINE, NETWORK = "engine.js", "network.bin"
SCRIPT = "text/javascript; charset=utf-8"
TYPES = {ENGINE: SCRIPT, NETWORK: "application/octet-stream"}
# about twenty networks of the usual size
MOST_BYTES = 128 * 2**20
# A browser fetches a network once, right after it was told the address, and keeps it. Those that somebody designed are
# asked for by nobody else: a class leaves ten megabytes of them, which would stay until there are 128.
KEPT_S = 300.0
# hashes of networks that are known, each a few hundred bytes
_MOST_KNOWN = 256
_PATIENCE_S = 120


class Shelf:
    """Bundles by their hash, for as long as they are asked for; where there are too many, those go first that nobody
    asked for longest. For many threads."""

    def __init__(self, most: int, seconds: float = KEPT_S):
        """most: bytes. seconds: since it was last asked for."""
        self.most, self.seconds, self.size = most, seconds, 0
        self._bundles: OrderedDict[str, tuple[Bundle, float]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, made: Bundle) -> None:
        """Keep a bundle; one that is larger than all that may be kept is not."""
        if len(made.data) > self.most:
            return
        with self._lock:
            self._take(made.hash)
            self._place(made)
            while self.size > self.most or self._oldest() < time.monotonic() - self.seconds:
                self._take(next(iter(self._bundles)))

    def get(self, hash: str) -> Bundle | None:
        """The bundle of this hash, None where it is not kept (any more)."""
        with self._lock:
            if found := self._take(hash):
                self._place(found)
            return found

    def _place(self, made: Bundle) -> None:
        self._bundles[made.hash] = made, time.monotonic()
        self.size += len(made.data)

    def _take(self, hash: str) -> Bundle | None:
        found, _asked = self._bundles.pop(hash, (None, 0.0))
        self.size -= len(found.data) if found else 0
        return found

    def _oldest(self) -> float:
        return next(asked for _, asked in self._bundles.values())

    def clear(self) -> None:
        """Keep none."""
        with self._lock:
            self._bundles.clear()
            self.size = 0


_shelf = Shelf(MOST_BYTES)
cache.also(_shelf.clear)
_known: OrderedDict[tuple[Chosen, str], str] = OrderedDict()
# one network at a time is made again: that may take as much memory as it is allowed to
_making = threading.Lock()


def engine() -> str:
    """Where the engine's script is, below the folder that the app is served from."""
    return f"live/{_engine_hash()}/{ENGINE}"


def network(wanted: Chosen, numbers: str = "float32") -> str:
    """Where a network is, below the folder that the app is served from; for a script of a page.

    numbers: see `core.live.bundle`. Weights that are drawn need TensorFlow (`warmup.ready()`), trained ones do not.
    Raises NetworkError or RunError with one sentence.
    """
    hash = _known.get((wanted, numbers))
    # only the session of a network out of a file can put it back
    if hash is None or (wanted.imported and not _shelf.get(hash)):
        made = _made(wanted.key, wanted.epoch, wanted.network, weights(wanted), numbers)
        hash = _remember(wanted, numbers, made)
    return f"live/{hash}/{NETWORK}?{_query(wanted, numbers)}"


def leading_on(wanted: Chosen, numbers: str = "float32") -> str:
    """Where a browser is told the address of a run's weights at an epoch; nothing is read for that yet."""
    return f"live/{NETWORK}?{_query(wanted, numbers)}&{urlencode({'written': wanted.stamp})}"


def led_to(file: str, query: Mapping[str, str]) -> str | None:
    """Where an address without a hash leads, below the folder `live`; None where there are no such weights (any more).

    `written` in the query is for the browser: the newest weights of a run change, and their address with them.
    """
    key, numbers = query.get("net", ""), query.get("numbers", "")
    try:
        epoch, run = int(query.get("epoch", NEWEST)), folders.find(key)
        if file != NETWORK or numbers not in NUMBERS or run is None or not run.readable or run.newest() is None:
            return None
        wanted = networks.named(key, epoch)
        if wanted.epoch != epoch:
            return None
        hash = _known.get((wanted, numbers))
        if hash is None:
            with _making:
                made = _of_run(run, epoch, numbers)
            hash = _remember(wanted, numbers, made)
    except (NetworkError, RunError, ValueError):
        return None
    return f"{hash}/{NETWORK}?{_query(wanted, numbers)}"


def _query(wanted: Chosen, numbers: str) -> str:
    return urlencode({"net": wanted.key, "epoch": wanted.epoch, "numbers": numbers})


def _remember(wanted: Chosen, numbers: str, made: Bundle) -> str:
    _known[wanted, numbers] = made.hash
    while len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    _shelf.put(made)
    return made.hash


def content(hash: str, file: str, query: Mapping[str, str]) -> bytes | None:
    """What is behind an address, None where nothing is; takes seconds where weights have to be drawn again."""
    if file == ENGINE:
        return scripts.engine().encode() if hash == _engine_hash() else None
    if file != NETWORK:
        return None
    found = _shelf.get(hash) or _again(query)
    return found.data if found and found.hash == hash else None


def _engine_hash() -> str:
    return hashlib.sha256(scripts.engine().encode()).hexdigest()


def _again(query: Mapping[str, str]) -> Bundle | None:
    """The bundle that a query describes, made from what is on disk."""
    key, numbers = query.get("net", ""), query.get("numbers", "")
    try:
        epoch = int(query.get("epoch", NEWEST))
        if numbers not in NUMBERS or len(key) > networks.MOST_TEXT:
            return None
        with _making:
            if key == SHIPPED:
                made = _made(key, epoch, PRESETS[BASIC_CNN], _shipped(), numbers)
            elif run := folders.find(key):
                made = _of_run(run, epoch, numbers)
            else:
                drawn = notation.parse(key)
                if drawn.problem() or not warmup.wait(_PATIENCE_S):
                    return None
                made = _made(key, epoch, drawn, drawn.build().get_weights(), numbers)
    except (NetworkError, RunError, ValueError, KeyError, TypeError):
        return None
    _shelf.put(made)
    return made


def _of_run(run: folders.Run, epoch: int, numbers: str) -> Bundle:
    if run.draws(epoch):
        warmup.wait(_PATIENCE_S)
    return _made(run.id, epoch, run.spec.seeded, run.weights(None if epoch == NEWEST else epoch), numbers)


def _made(key: str, epoch: int, made_of: Network, weights: list[np.ndarray], numbers: str) -> Bundle:
    return bundle(made_of, weights, numbers, about={"net": key, "epoch": epoch})


def weights(wanted: Chosen) -> list[np.ndarray]:
    """As `get_weights()` gives them; the shipped ones without TensorFlow.

    Raises NetworkError or RunError with one sentence.
    """
    return _shipped() if wanted.key == SHIPPED else models.weights(wanted)


def _shipped() -> list[np.ndarray]:
    """Without TensorFlow, so that the first page need not wait for it."""
    return importing.read_here("keras", "", saved.content(saved.FILE))[1]
