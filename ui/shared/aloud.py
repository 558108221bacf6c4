"""What a press has led to, said to who hears the page; and the focus, where the pressed button is gone.

A button that a run takes away takes the focus with it: the next Tab would begin at the top of the page.
"""

from __future__ import annotations

import json

import streamlit as st

_SAID = "_said_aloud"

# Waits until the run's last word is on screen. A message is said once, however often the page comes back to it.
_SCRIPT = """<script>
(() => {
  const [number, words, place] = MESSAGE;
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
    if (app?.dataset.testScriptState !== "notRunning" && performance.now() < end) return setTimeout(rest, 50);
    region.textContent = words;
    const target = document.querySelector(place);
    if (!target || (document.activeElement && document.activeElement !== document.body)) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  setTimeout(rest, 50);
})();
</script>"""


def say(words: str) -> None:
    """In a callback: to be said once the page shows what came of it."""
    number, _ = st.session_state.get(_SAID, (0, ""))
    st.session_state[_SAID] = (number + 1, words)


def show(key: str) -> None:
    """Call last where the outcome is shown. key: of the container that takes the focus where nothing has it."""
    number, words = st.session_state.get(_SAID, (0, ""))
    if number:
        message = json.dumps([number, words, f".st-key-{key}"]).replace("<", "\\u003c")
        st.html(_SCRIPT.replace("MESSAGE", message), unsafe_allow_javascript=True)
