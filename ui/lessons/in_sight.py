"""Each step begins at its beginning: wherever one was when Next was pressed, the lesson's panel is in sight then."""

from __future__ import annotations

import json

import streamlit as st

from core.lessons.lesson import Lesson
from ui.lessons import progress

# Once a step, and once each time that a lesson is opened, for it may have stood far down the list; at once and when the
# run has ended, unless somebody scrolls meanwhile. What comes with the address stays where it is: a reload leaves the
# page as it was.
_SCRIPT = """<script>
(() => {
  const step = STEP;
  const before = window.layerLabStep;
  window.layerLabStep = step;
  if (before === step || (before === undefined && !OPENED)) return;
  let moved = false;
  const move = () => { moved = true; };
  for (const way of ["wheel", "touchmove"]) window.addEventListener(way, move, { once: true, passive: true });
  const look = () => {
    const dock = document.querySelector(".st-key-lesson_dock");
    if (!dock || moved || window.layerLabStep !== step) return;
    const column = dock.closest("[data-testid=stColumn]");
    if (column) column.scrollTop = 0;
    const { top } = dock.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) {
      dock.style.scrollMarginTop = "4rem"; // the page's head lies over it
      dock.scrollIntoView({ block: "start" });
    }
  };
  const app = document.querySelector("[data-testid=stApp]");
  const end = performance.now() + 5000;
  const rest = () => {
    look();
    if (app?.dataset.testScriptState !== "notRunning" && performance.now() < end) setTimeout(rest, 100);
  };
  rest();
})();
</script>"""


def keep(lesson: Lesson, at: int) -> None:
    """Call in the panel. at: the step that is open."""
    opened = progress.openings()
    step = json.dumps(f"{lesson.key} {at} {opened}").replace("<", "\\u003c")
    st.html(_SCRIPT.replace("STEP", step).replace("OPENED", str(opened)), unsafe_allow_javascript=True)
