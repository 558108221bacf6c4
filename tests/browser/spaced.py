"""Letters, words, lines and paragraphs as far apart as somebody may set them (WCAG 1.4.12), and what is lost by it."""

from __future__ import annotations

from contextlib import contextmanager

_RULES = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
# All roots of the page: its own, and those of our components.
_ROOTS = """const roots = (root) => [root, ...Array.from(root.querySelectorAll("*")).filter((each) => each.shadowRoot)
    .flatMap((each) => roots(each.shadowRoot))];"""
_SPACE = f"""(rules) => {{
  {_ROOTS}
  window.spaced = new CSSStyleSheet();
  window.spaced.replaceSync(rules);
  for (const root of roots(document)) root.adoptedStyleSheets.push(window.spaced);
  dispatchEvent(new Event("resize"));
}}"""
_AS_BEFORE = f"""() => {{
  {_ROOTS}
  for (const root of roots(document)) {{
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== window.spaced);
  }}
}}"""
# Of the page's main part: each text that a box cuts, and each two texts of which one lies over the other. Letters stand
# out of their line by a pixel or two.
_LOST = f"""() => {{
  {_ROOTS}
  const around = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const unseen = ".heard, #lab-aloud, [data-testid=stIconMaterial], style, script, .katex-mathml";
  const seen = (each) => each.checkVisibility({{ opacityProperty: true, visibilityProperty: true }});
  const texts = [];
  for (const root of roots(document.querySelector("[data-testid=stMain]"))) {{
    for (const each of root.querySelectorAll("*")) {{
      if (each.closest(unseen) || !seen(each)) continue;
      for (const node of each.childNodes) {{
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = Array.from(range.getClientRects()).filter((box) => box.width > 1 && box.height > 1);
        texts.push(...boxes.map((box) => ({{ box, each, text: node.data.trim() }})));
      }}
    }}
  }}
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  const isCut = ({{ box, each }}) => {{
    for (let at = each; at; at = around(at)) {{
      const style = getComputedStyle(at), room = at.getBoundingClientRect();
      if (at instanceof SVGElement || style.position === "fixed") continue;
      if (hides(style.overflowX) && (box.left < room.left - 1.5 || box.right > room.right + 1.5)) return true;
      if (hides(style.overflowY) && (box.top < room.top - 3 || box.bottom > room.bottom + 3)) return true;
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) return false;
    }}
    return false;
  }};
  const over = (one, other) => one.each !== other.each
    && Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 3
    && Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      > 0.3 * Math.min(one.box.height, other.box.height);
  return [
    ...texts.filter(isCut).map(({{ text }}) => `cut: ${{text}}`),
    ...texts.flatMap((one, i) => texts.slice(i + 1).filter((other) => over(one, other))
      .map((other) => `one over the other: ${{one.text}}, ${{other.text}}`)),
  ];
}}"""


@contextmanager
def texts(page):
    """All that the page shows now is set so, until the end."""
    page.evaluate(_SPACE, _RULES)
    try:
        yield
    finally:
        page.evaluate(_AS_BEFORE)


def lost(page, where: str = "() => {}", arg=None) -> list[str]:
    """Texts of the page's main part that are cut, or lie over one another.

    where: a function in the page that makes it show something else just before; arg: what it is given.
    """
    return page.evaluate(f"(arg) => {{ ({where})(arg); return ({_LOST})(); }}", arg)
