"""What a press has led to, said to who hears the page; and the focus, where the pressed button is gone.

A button that a run takes away takes the focus with it: the next Tab would begin at the top of the page.
"""

from __future__ import annotations

import json
import re

import streamlit as st

_SAID = "_said_aloud"
# what Markdown has besides words
_MARKS = re.compile(r"\*\*|(?<!\w)\*(?=\w)|(?<=[\w.!?)])\*(?!\w)|`|:material/\w+:|\\(?=[^\w\s])")

# Waits until the run's last word is on screen. A message is said once, however often the page comes back to it.
_SCRIPT = """<script>
(() => {
  const [number, words, places] = MESSAGE;
  if (number <= (window.layerLabSaid ?? 0)) return;
  window.layerLabSaid = number;
  let region = document.getElementById("lab-aloud");
  if (!region) {
    region = document.createElement("div");
    region.id = "lab-aloud";
    region.setAttribute("role", "status");
    (document.querySelector("main") ?? document.body).append(region);
  }
  const app = document.querySelector("[data-testid=stApp]");
  const end = performance.now() + 5000;
  const rest = () => {
    if (window.layerLabSaid !== number) return; // something else was said since, which must not be said over
    if (app?.dataset.testScriptState !== "notRunning" && performance.now() < end) return setTimeout(rest, 50);
    region.textContent = words;
    const place = places.map((each) => document.querySelector(each)).find(Boolean);
    if (!place || (document.activeElement && document.activeElement !== document.body)) return;
    const target = place.querySelector("summary, button:enabled") ?? place;
    if (target === place) place.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  setTimeout(rest, 50);
})();
</script>"""


def say(words: str) -> None:
    """To be said once the page shows what came of a press. words: a sentence or some; of Markdown only its words."""
    number, _ = st.session_state.get(_SAID, (0, ""))
    st.session_state[_SAID] = (number + 1, _MARKS.sub("", words).strip())


def show(*keys: str) -> None:
    """Call last where the outcome is shown; every page does it once more at its end.

    keys: of what takes the focus where nothing has it, the first one that is there: a container, or the button in it.
    """
    number, words = st.session_state.get(_SAID, (0, ""))
    if number:
        message = json.dumps([number, words, [f".st-key-{key}" for key in keys]]).replace("<", "\\u003c")
        st.html(_SCRIPT.replace("MESSAGE", message), unsafe_allow_javascript=True)
