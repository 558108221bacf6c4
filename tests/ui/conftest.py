"""Pages without a browser: AppTest from the frame, as a link opens them."""

from __future__ import annotations

import functools
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import context
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.util import calc_hash

from ui.shared import first_answer, navigation, state, warmup

FRAME = Path(__file__).parents[2] / "ui" / "frame.py"


@pytest.fixture(scope="session", autouse=True)
def tensorflow():
    """Pages compute only once TensorFlow has loaded."""
    assert warmup.wait(120)


@pytest.fixture(scope="session", autouse=True)
def installed_components():
    """Each AppTest reads the metadata of all installed packages in search of components: once is enough."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *args, **options: found)
        yield


@pytest.fixture(scope="session", autouse=True)
def runs_are_awaited():
    """AppTest looks a thousand times a second through all that a script has sent for its end, and so takes the
    interpreter from the script: a tenth of a run. To wait for the script's thread costs nothing."""
    looking = local_script_runner.require_widgets_deltas

    def wait(runner, timeout):
        runner._script_thread.join(timeout)
        if not runner.script_stopped():
            looking(runner, 0)  # ends it, and raises what AppTest raises

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(scope="session", autouse=True)
def scripts_are_compiled_once():
    """A server keeps the frame and the pages compiled; AppTest compiles them for each run."""
    compiled = functools.cache(functools.partial(ScriptCache.get_bytecode, ScriptCache()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptCache, "get_bytecode", lambda cache, path: compiled(path))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_browser_paints_meanwhile():
    """A page that answers first waits until a browser has painted; here is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_answer, "_PAUSE_S", 0.0)
        patch.setattr(first_answer, "_PAUSE_S_A_BYTE", 0.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_browser_says_what_it_is():
    """AppTest has a mock in its place, which makes up headers and cookies anew for each run; who has none gets none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_get_client_context", lambda: None)
        yield


def opened(page: str, **query: str) -> AppTest:
    """The page as a link with these settings opens it, after its first run."""
    app = AppTest.from_file(FRAME, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return switched(app, page)


def switched(app: AppTest, page: str) -> AppTest:
    """The same session on another page. All kinds of layers share one script, so its file does not say which page."""
    app._page_hash = calc_hash(navigation.path(page))
    return app.run()


def held(app: AppTest, key: str):
    """The value of a setting: what is at its default need not be in the session."""
    return app.session_state[key] if key in app.session_state else state.PARAMS[key].default


def codes(block) -> list[str]:
    """The code and the printed text in an app or a part of it, in order, as they were before they became HTML; not the
    single words of code in a table."""
    bodies = (element.proto.body for element in block.get("html"))
    shown = (re.search(r"<code>(.*)</code>", body, re.DOTALL) for body in bodies if "<table>" not in body)
    return [unescape(re.sub(r"<[^>]*>", "", found[1])) for found in shown if found]


def check_mistakes(app: AppTest, key: str, slips) -> None:
    """The list of common mistakes costs nothing until it is opened; then each stands there, wrong and right."""

    def panel():
        (found,) = (panel for panel in app.expander if panel.label == "Common mistakes")
        return found

    assert not codes(panel())
    app.session_state[key] = True
    app.run()
    assert not app.exception
    assert codes(panel()) == [f"{slip.setup}\n\n{line}" for slip in slips for line in (slip.wrong, slip.right)]
    assert {slip.why for slip in slips} <= {element.value for element in panel().markdown}


def network_box(app: AppTest):
    """The choice of the network; its key changes where the network is changed elsewhere."""
    return next(box for box in app.sidebar.selectbox if box.label == "Network")


def epoch_slider(app: AppTest):
    """The sidebar's choice of the epoch; its key changes where the epoch is changed elsewhere."""
    return next(slider for slider in app.sidebar.select_slider if slider.label == "Epoch")


def network_text(app: AppTest):
    """The network as text, on the page on which one designs it."""
    return next(area for area in app.text_area if area.label == "The network as text")
