"""A pupil without a browser: a window of the dashboard over Streamlit's own websocket, with its protobuf messages.

It does what the browser's code does that costs the server anything: it keeps the settings of widgets, says which
messages it holds (the server then sends their hash only), goes from page to page in one session, runs the fragments
that ask to be run again, and fetches pictures and networks that a page refers to, each once. It draws nothing. Widgets
that nobody has touched are not sent along, which a browser does.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.asyncio.client import connect

PATIENCE_S = 120.0
# runs after which the browser forgets a message that did not come again (global.maxCachedMessageAge)
_OLDEST = 4
# within which a run follows one of a fragment
_FOLLOWS_S = 0.1
_FETCHED = re.compile(rb"(?:/media/[0-9a-f]+\.\w+|live/(?:lit/[0-9a-f]{32}|[0-9a-f]{64}/[\w.]+(?:\?[\w=&%.+-]+)?))")


class PupilError(RuntimeError):
    """The server showed an exception, no page, or nothing in time."""


@dataclass(frozen=True)
class Took:
    """Seconds until the first run that answers ended (its picture is complete), until all was; runs and bytes."""

    first: float
    whole: float
    runs: int
    bytes: int


@dataclass
class _Held:
    """What the browser keeps of messages, by their hash: the message, and the run in which it came last."""

    messages: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    run: int = 0
    fragments: list[str] = field(default_factory=list)  # that the run is of; none: of the whole script

    def real(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself, where only its hash was sent."""
        if hash := message.ref_hash:
            if hash not in self.messages:
                raise PupilError("The server referred to a message that this window does not hold.")
            message = self.messages[hash][0]
        elif not message.metadata.cacheable:
            return message
        self.messages[message.hash] = message, self.run
        return message

    def ended(self) -> None:
        """After a run that was not cut short: what did not come for some runs is forgotten, where it would have."""
        self.run += 1
        self.messages = {hash: held for hash, held in self.messages.items() if not self._old(*held)}

    def _old(self, message: ForwardMsg, run: int) -> bool:
        elsewhere = self.fragments and message.delta.fragment_id not in self.fragments
        return not elsewhere and self.run - run > _OLDEST


class Pupil:
    """One window. `open` first and `leave` last; the others each send one message and wait until all is quiet."""

    def __init__(self, address: str):
        self.address = address
        self.pages: dict[str, str] = {}
        self.widgets: dict[str, tuple[str, str]] = {}  # key: id, fragment
        self.clocks: dict[str, float] = {}  # fragment: seconds between its runs
        self._asked: dict[str, float] = {}
        self._states: dict[str, WidgetState] = {}
        self._held = _Held()
        self._page = self._query = ""
        self._fetched: set[bytes] = set()
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self._socket = None
        self._bytes = self._runs = self._drawn = 0

    async def open(self, page: str = "") -> Took:
        """The first page that this window shows."""
        began = time.perf_counter()
        # the page itself, which says by cookies who this is, and with a proxy which dashboard is theirs
        self._bytes += await asyncio.to_thread(self._read, f"{self.address}/{page}")
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            max_queue=None,  # as a browser takes what comes: with what nobody reads waiting, `close` waits for 10 s
            origin=self.address,
            additional_headers={"Cookie": "; ".join(f"{each.name}={each.value}" for each in self._cookies)},
            open_timeout=PATIENCE_S,
        )
        return await self._run(BackMsg(), began, name=page)

    async def leave(self) -> None:
        """Close the window."""
        if self._socket:
            await self._socket.close()

    async def visit(self, page: str) -> Took:
        """Another page, by its key."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.pages[page]
        return await self._run(message)

    async def turn(self, key: str, value: float) -> Took:
        """Move a slider, by its key."""
        return await self._change(key, lambda state: state.double_array_value.data.append(value))

    async def press(self, key: str) -> Took:
        """Press a button."""
        return await self._change(key, lambda state: setattr(state, "trigger_value", True), stays=False)

    async def choose(self, key: str, value: str) -> Took:
        """Choose from options that stand side by side."""
        return await self._change(key, lambda state: state.string_array_value.data.append(value))

    async def draw(self, pad: str, acts: list[list[float]], done: bool) -> Took:
        """What is on the pad now; done: the pen is up."""
        self._drawn += 1
        told = {"acts": acts, "undone": [], "pen": 18, "number": self._drawn, "done": done}
        return await self._event(pad, "drawing", told)

    async def _event(self, key: str, event: str, value: object) -> Took:
        """What a component sends."""
        text = json.dumps([{"event": event, "value": value}])

        def put(state: WidgetState) -> None:
            state.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{state.id}{EVENT_DELIM}events"
            state.json_trigger_value = text

        return await self._change(key, put, stays=False)

    async def stay(self, seconds: float) -> list[Took]:
        """Watch: the fragments of the page that ask for it are run again whenever they want to be."""
        found, end = [], time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not self.clocks:
                await asyncio.sleep(left)
                break
            fragment, every = min(self.clocks.items(), key=lambda clock: clock[1])
            await asyncio.sleep(min(left, every))
            message = BackMsg()
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            found.append(await self._run(message))
        return found

    async def _change(self, key: str, put, stays: bool = True) -> Took:
        """One widget's new value; stays: it is sent with all later messages too."""
        if key not in self.widgets:
            raise PupilError(f"There should be a widget {key!r} on this page, and is none.")
        name, fragment = self.widgets[key]
        state, message = WidgetState(id=name), BackMsg()
        put(state)
        message.rerun_script.fragment_id = fragment
        if stays:
            self._states[name] = state
        else:
            message.rerun_script.widget_states.widgets.append(state)
        return await self._run(message)

    async def _run(self, message: BackMsg, began: float | None = None, name: str = "") -> Took:
        state = message.rerun_script
        state.page_name, state.query_string = name, self._query
        state.page_script_hash = state.page_script_hash or self._page
        leaves = self._page if state.page_script_hash != self._page else ""
        state.widget_states.widgets.extend(self._states.values())
        state.cached_message_hashes.extend(self._held.messages)
        state.context_info.url = f"{self.address}/{name}"
        state.context_info.color_scheme = "light"
        began, before, runs = began or time.perf_counter(), self._bytes, self._runs
        await self._socket.send(message.SerializeToString())
        try:
            first, whole = await asyncio.wait_for(self._until_quiet(leaves), PATIENCE_S)
        except asyncio.TimeoutError as error:
            raise PupilError(f"An answer should come within {PATIENCE_S:g} s, and none came.") from error
        return Took(first - began, whole - began, self._runs - runs, self._bytes - before)

    async def _until_quiet(self, leaves: str) -> tuple[float, float]:
        """Take messages until a run has ended that no other one follows; when the first one ended, and the last.

        leaves: the page that is left by it; a run of that page was asked for earlier, and is no answer.
        """
        first, last, asked = 0.0, 0.0, []
        while True:
            try:  # one of a fragment may be followed by one of others, which it does not say
                payload = await asyncio.wait_for(self._socket.recv(), _FOLLOWS_S if last else None)
            except asyncio.TimeoutError:
                return first, last
            self._bytes += len(payload)
            message = ForwardMsg.FromString(payload)
            # at once: the first page waits until its map is there
            asked += [asyncio.ensure_future(self._fetch(path)) for path in self._new_addresses(payload)]
            if (kind := message.WhichOneof("type")) != "script_finished":
                self._take(kind, self._held.real(message))
                continue
            status = message.script_finished
            self._runs += 1
            if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise PupilError("The script should run, and Python cannot read it.")
            late, cut = self._page == leaves, status == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if not late:
                first = first or time.perf_counter()
            if not cut:
                self._held.ended()
            if late or cut:
                continue
            await asyncio.gather(*asked)
            last = time.perf_counter()
            if status == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.clocks = dict(self._asked)  # fragments that did not come again are gone
                return first, last

    def _take(self, kind: str | None, message: ForwardMsg) -> None:
        if kind == "page_not_found":
            raise PupilError("There is no such page.")
        if kind == "new_session":
            if (page := message.new_session.page_script_hash) not in ("", self._page):
                self._page, self.widgets, self.clocks = page, {}, {}
            self._held.fragments = list(message.metadata.run.fragment_ids)
            self._asked = {}
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._asked[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            self.clocks |= self._asked
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.clocks.pop(fragment, None)
                self._asked.pop(fragment, None)
        elif kind in ("delta", "ref_hash"):
            self._element(message.delta)

    def _element(self, delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise PupilError(f"{element.exception.type}: {element.exception.message}")
        # "$$ID-<hash>-<key>"
        name = getattr(getattr(element, kind), "id", "") if kind else ""
        if name.startswith("$$ID-"):
            self.widgets[name.split("-", 2)[2]] = name, delta.fragment_id

    def _new_addresses(self, payload: bytes) -> list[bytes]:
        if b"/media/" not in payload and b"live/" not in payload:
            return []
        found = [path for path in dict.fromkeys(_FETCHED.findall(payload)) if path not in self._fetched]
        self._fetched.update(found)
        return found

    async def _fetch(self, path: bytes) -> None:
        self._bytes += await asyncio.to_thread(self._read, f"{self.address}/{path.decode().lstrip('/')}")

    def _read(self, address: str) -> int:
        """The bytes at an address, counted."""
        with self._opener.open(address, timeout=PATIENCE_S) as answer:
            return len(answer.read())
