"""The network of all pages: a preset, the shipped trained one, a run at an epoch, a design of one's own, a file.

One setting of the address says which: its text where its weights are drawn from seeds (see `core.network.notation`),
else the name of where its weights come from. Where nothing is said each page shows the network that it explains best.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.network import notation, saved
from core.network.importing import Imported
from core.network.network import Network
from core.network.presets import BASIC_CNN, PRESETS, SMALL_CNN
from core.runs import folders
from core.runs.folders import RunError
from core.scripts import parts
from core.scripts.parts import Part
from ui.shared import navigation, state, text
from words import N_, _

SHIPPED = "shipped"
ONE_OF_EACH = "One_of_each"
PAGES_DEFAULT = ""
NEWEST = -1
MOST_TEXT = 4000

_NAMES = {
    ONE_OF_EACH: N_("One of each layer"),
    BASIC_CNN: N_("Basic_CNN, random weights"),
    SMALL_CNN: N_("Small_CNN, random weights"),
    "LeNet-5": N_("LeNet-5, random weights"),
}
_YOURS = N_("Your design")
GONE = N_("The run of this network was deleted: choose another network in the sidebar.")
_DESIGN = "_design"
_IMPORTED = "_imported"
_UNDO = "_network_undo"
_MOST_UNDO = 50
# of one session: each may weigh as much as a file may
_MOST_IMPORTED = 3
_OWN_DEFAULTS: dict[str, Callable[[state.Get], str | None]] = {}
_FILE = re.compile(r"file-[0-9a-f]{16}")


def _known(key: str) -> None:
    if key in (PAGES_DEFAULT, SHIPPED) or folders.find(key) or _FILE.fullmatch(key):
        return
    try:
        notation.parse(key)
    except notation.NotationError as error:
        expected = _(
            "one of {shipped}, the id of a run here, or a network as text ({error})", shipped=SHIPPED, error=error
        )
        raise ValueError(expected) from error


state.declare(
    state.text("net", PAGES_DEFAULT, _known, most=MOST_TEXT),
    state.integer("net_epoch", NEWEST, NEWEST, 50),
)


@lru_cache(maxsize=128)
def parsed(text: str) -> Network:
    """`notation.parse`, remembered. Raises NotationError."""
    return notation.parse(text)


@dataclass(frozen=True)
class Chosen:
    """A network that pages can show. `epoch` is NEWEST or the number of an epoch; `stamp` changes with its file."""

    key: str
    epoch: int = NEWEST
    stamp: int = 0

    @property
    def run(self) -> folders.Run | None:
        """The run that its weights come from, None where they come from elsewhere."""
        return folders.find(self.key)

    @property
    def imported(self) -> Imported | None:
        """The file that somebody brought, None where it is none or was brought in another window."""
        # most are none, and to look for what a session does not have takes time
        return _imported().get(self.key) if _FILE.fullmatch(self.key) else None

    @property
    def trained(self) -> bool:
        """Whether its weights come from a training; else its layers draw them from their seeds."""
        return self.key == SHIPPED or bool(_FILE.fullmatch(self.key) or self.run)

    @property
    def drawn(self) -> bool:
        """Whether TensorFlow has to draw its weights: those that nobody trained, and the start of a recorded run."""
        run = self.run
        return run.draws(self.epoch) if run else not self.trained

    @property
    def design(self) -> bool:
        """Whether it is somebody's own: no preset, and not trained."""
        return not self.trained and self.key not in PRESETS

    @property
    def name(self) -> str:
        """As people see it, where Markdown is read: a run or a file may be called anything."""
        return text.plain(self.label)

    @property
    def label(self) -> str:
        """The same where text is text: in boxes and in components."""
        if self.key == SHIPPED:
            return _("{name}, trained", name=BASIC_CNN)
        if self.imported:
            return self.imported.network.title
        if run := self.run:
            name = folders.names([run]).get(run.id, run.id)  # it may have been damaged since it was chosen
            return name if self.epoch == NEWEST else _("{name}, epoch {epoch}", name=name, epoch=self.epoch)
        return _(_NAMES.get(self.key, _YOURS))

    @property
    def network(self) -> Network:
        """Its layers. Raises RunError where its run is gone."""
        if self.key == SHIPPED:
            return PRESETS[BASIC_CNN]
        if self.imported:
            return self.imported.network
        if run := self.run:
            return run.spec.seeded
        try:
            return parsed(self.key)
        except notation.NotationError as error:  # the id of a run that was there a moment ago
            raise RunError(_(GONE)) from error


def named(key: str, epoch: int = NEWEST) -> Chosen:
    """The network of this key; the page's default where its run is gone or has no weights yet, or its file was never
    brought here."""
    if key == PAGES_DEFAULT:
        key = default()
    if key == SHIPPED:
        return Chosen(SHIPPED, NEWEST, _stamp(saved.FILE))
    if run := folders.find(key):
        newest = run.newest() if run.readable else None
        if newest is None:
            return named(PAGES_DEFAULT)
        if epoch != NEWEST and epoch not in run.saved_epochs():
            epoch = NEWEST
        # the weights of one epoch never change, the newest do while it trains
        return Chosen(key, epoch, _stamp(newest) if epoch == NEWEST else 0)
    if key in _imported():
        return Chosen(key)
    try:
        parsed(key)
    except notation.NotationError:  # deleted since it was chosen
        return named(PAGES_DEFAULT)
    return Chosen(key)


def default(page: str | None = None, get: state.Get = state.get) -> str:
    """The key of the network that a page, by itself the one on screen, shows where nobody has chosen one: layers are
    explained on one of each; what a network is good for, and the first page, on a trained one; what a page has said
    otherwise. page: its address; get: gives its settings."""
    page = state.page() if page is None else page
    trained = (navigation.path(navigation.HOME), *navigation.SECTIONS["The full CNN"], *navigation.SECTIONS["Teaching"])
    own = _OWN_DEFAULTS.get(page or "", lambda get: None)(get)
    return own or (SHIPPED if page in trained else ONE_OF_EACH)


def prefer(page: str, key: Callable[[state.Get], str | None]) -> None:
    """A page shows another network where nobody has chosen one; key: asked at every run, with what gives the settings,
    None where it does not."""
    _OWN_DEFAULTS[page] = key


def setting_of(key: str) -> str:
    """What the setting `net` says for this network on the page on screen: nothing where that is what the page shows."""
    return PAGES_DEFAULT if key == default() else key


def epochs(wanted: Chosen) -> list[int]:
    """What a slider over the epochs of a run stops at, ascending, the newest weights last; none where it kept one."""
    kept = wanted.run.saved_epochs() if wanted.run else []
    return [*kept, NEWEST] if len(kept) > 1 else []


def epoch_name(epoch: int) -> str:
    """As a slider says it."""
    return {NEWEST: _("newest"), 0: _("start")}.get(epoch, str(epoch))


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def chosen(key: str = "net") -> Chosen:
    """What the setting `key` and its epoch say."""
    epoch = f"{key}_epoch"
    return named(state.get(key), state.get(epoch) if epoch in state.PARAMS else NEWEST)


def own_design() -> str:
    """The key of the design on screen, else of the latest one; the page's default where there is none."""
    return chosen().key if chosen().design else st.session_state.get(_DESIGN, PAGES_DEFAULT)


def offered() -> list[str]:
    """All that can be chosen: presets, the shipped network, one's own, and every run that has learned something, newest
    first."""
    own = [st.session_state[_DESIGN]] if _DESIGN in st.session_state else []
    runs = [run.id for run in folders.usable() if run.newest()]
    return [ONE_OF_EACH, SHIPPED, *own, *_imported(), *runs, *(name for name in PRESETS if name != ONE_OF_EACH)]


def key_of(network: Network) -> str:
    """The key of a network whose weights its layers draw: its text, or the name of a preset."""
    return notation.as_text(network)


def choose_design(network: Network, layer: str | None = None) -> None:
    """Only from a callback: this network is the one of all pages now, and `layer` the one that layer pages show."""
    key = key_of(network)
    if key not in PRESETS:
        st.session_state[_DESIGN] = key
    before = st.session_state.setdefault(_UNDO, [])
    before.append((state.get("net"), state.get("net_epoch"), state.get("layer")))
    del before[:-_MOST_UNDO]
    values: dict[str, state.Value] = {"net": setting_of(key), "net_epoch": NEWEST}
    state.put(values | ({"layer": layer} if layer else {}))


def can_undo() -> bool:
    """Whether there is a change that can be taken back."""
    return bool(st.session_state.get(_UNDO))


def undo() -> None:
    """Only from a callback: the network as it was before the last change."""
    if before := st.session_state.get(_UNDO):
        state.put(dict(zip(("net", "net_epoch", "layer"), before.pop(), strict=True)))


def bring(found: Imported, data: bytes) -> None:
    """Only from a callback: a network out of a file is the one of all pages; it stays in this session."""
    key = f"file-{hashlib.sha256(data).hexdigest()[:16]}"
    brought = {**_imported(), key: found}
    for old in list(brought)[:-_MOST_IMPORTED]:
        del brought[old]
    st.session_state[_IMPORTED] = brought
    state.put({"net": key, "net_epoch": NEWEST, "layer": ""})


def adopt_design(network: Network) -> None:
    """While a link is read: what it says is this network."""
    st.session_state["net"] = key_of(network)
    st.session_state[_DESIGN] = key_of(network)


def file_in_code(wanted: Chosen) -> str | None:
    """The .keras file that a script can load a trained network from, None where there is none."""
    if wanted.key == SHIPPED:
        return f"{saved.FILE.parent.name}/{saved.FILE.name}"
    if wanted.imported:
        return f"{wanted.network.title}.keras"
    if wanted.run and wanted.epoch == NEWEST and wanted.run.final.exists():
        return f"runs/{wanted.run.id}/{wanted.run.final.name}"
    return None


def in_code(wanted: Chosen) -> Part:
    """The part of a script that leaves this network as `model`, with its weights."""
    if wanted.run:
        return parts.load_run(wanted.key, None if wanted.epoch == NEWEST else wanted.epoch)
    if wanted.trained:
        return parts.load_file(file_in_code(wanted))
    return parts.build(wanted.network)


def layer_in_code(wanted: Chosen) -> Part:
    """The same for a script about one layer: from a file of Keras' own where there is one."""
    file = file_in_code(wanted)
    return parts.load_file(file) if file else in_code(wanted)


def _imported() -> dict[str, Imported]:
    return st.session_state.get(_IMPORTED, {})
