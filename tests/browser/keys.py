"""Through a page by Tab and arrow keys alone, as somebody goes who has no mouse: how many stops, and what is missed."""

from __future__ import annotations

MOST_STOPS = 30
# Where the focus is, in a few words; nothing where it has left the page. What it came to is kept.
_STOP = """() => {
  const at = document.activeElement;
  if (at === document.body) return "";
  (window.walked ??= new Set()).add(at);
  return at.closest(".st-key-menu") ? "menu" : at.outerHTML.slice(0, 120);
}"""
# Whether it is in a row of buttons, at one from which no arrow key has led on yet.
_LEADS_ON = """() => {
  const at = document.activeElement, ledOn = (window.ledOn ??= new Set());
  window.walked.add(at);
  return Boolean(at.closest("[role=toolbar]")) && ledOn.size < ledOn.add(at).size;
}"""
# Streamlit's boxes for numbers do by arrow keys what their two buttons do; of a row of choices one is a stop.
_MISSED = """() => {
  const controls = "button[data-testid^=stBaseButton], .lab-code button, a[href], summary, input, textarea";
  const seen = (each) => each.getClientRects().length && !each.disabled && !each.matches("[role=radio], [type=file]")
    && !each.closest("details:not([open]) > :not(summary)");
  return Array.from(document.querySelectorAll(`[data-testid=stMain] :is(${controls}), .st-key-bar_foot a`))
    .filter((each) => seen(each) && !window.walked.has(each)).map((each) => each.outerHTML.slice(0, 200));
}"""


def walk(page) -> list[str]:
    """What Tab leads to on a page that nobody has touched; in a row of buttons arrow keys lead on from there."""
    stops: list[str] = []
    while len(stops) <= 2 * MOST_STOPS:
        page.keyboard.press("Tab")
        if not (stop := page.evaluate(_STOP)):
            break
        stops.append(stop)
        while page.evaluate(_LEADS_ON):
            page.keyboard.press("ArrowRight")
    return stops


def missed(page) -> list[str]:
    """The controls of the page that the walk did not come to."""
    return page.evaluate(_MISSED)
