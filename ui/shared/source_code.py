"""Code and printed text on a page, with a button that copies it.

Coloured here, by Pygments. Streamlit's own `st.code` colours in the browser, and loads for that the grammars of some
300 languages: 1.5 MB of script, whose start took half of what a page took to open and held up the first slider.
"""

from __future__ import annotations

import json
from functools import lru_cache
from html import escape

import streamlit as st
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from words import _

# On light and on dark, by Pygments' short names of what they colour. None of them is a colour that means something in
# a picture, and all keep 4.5 to 1 on the background.
COLOURS = {
    ("k", "kn", "kc", "ow"): ("#0b6b64", "#5fd0c4"),
    ("s1", "s2", "sd", "sa", "si", "se"): ("#8a4a06", "#e3b278"),
    ("mi", "mf"): ("#96264c", "#f0a0b8"),
    ("c1",): ("#5a666b", "#9aa6ad"),
}
_LEXER, _FORMATTER = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)
# Scripts change by a line while a slider moves: what stands in the others is coloured once.
_LINES = 4096
_COPY = """<script>
if (!window.layerLabCopies) {
  window.layerLabCopies = true;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".lab-code button");
    if (!button) return;
    const code = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {  // only allowed on https and on the machine itself
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    button.textContent = COPIED;
    setTimeout(() => { button.textContent = COPY; }, 1500);
  });
}
</script>"""


def python(text: str, wrap: bool = False) -> None:
    """Python code. wrap: long lines go on in the next one, instead of being scrolled to."""
    _show(coloured(text), wrap)


def printed(text: str, wrap: bool = False) -> None:
    """Text as a program printed it."""
    _show(escape(text, quote=False), wrap)


def copied() -> None:
    """What the buttons do; once a page, at its end, since it takes a place there."""
    script = _COPY.replace("COPIED", _in_script(_("Copied"))).replace("COPY", _in_script(_("Copy")))
    st.html(script, unsafe_allow_javascript=True)


def _in_script(said: str) -> str:
    return json.dumps(said).replace("<", "\\u003c")


def coloured(text: str) -> str:
    """Python as HTML: a <span> with Pygments' short class around each word that has one."""
    if '"""' in text:  # a string of several lines: none of them can be read by itself
        return _coloured(text)
    return "\n".join(map(_coloured, text.split("\n")))


@lru_cache(maxsize=_LINES)
def _coloured(text: str) -> str:
    return highlight(text, _LEXER, _FORMATTER).removesuffix("\n")


def _show(html: str, wrap: bool) -> None:
    kind = "lab-code wraps" if wrap else "lab-code"
    # who uses the keyboard scrolls the box whose button has the focus: code and button are one stop
    copy = _("Copy")
    button = f'<button type="button">{escape(copy)}</button>'
    st.html(f'<div class="{kind}"><pre><code>{html}</code></pre>{button}</div>')


@lru_cache(maxsize=1)
def style() -> str:
    """How code looks, as CSS."""
    background, text, border = (
        _for_both(*(str(st.get_option(f"theme.{theme}.{name}")) for theme in ("light", "dark")))
        for name in ("codeBackgroundColor", "codeTextColor", "borderColor")
    )
    words = "".join(
        f"{', '.join(f'.lab-code .{name}' for name in names)} {{ color: {_for_both(*colours)} }}\n"
        for names, colours in COLOURS.items()
    )
    return f"""
.lab-code {{ display: grid; overflow: auto; background: {background}; color: {text}; border-radius: 0.4rem; }}
.lab-code > * {{ grid-area: 1 / 1; }}
.lab-code pre {{
  margin: 0; padding: 0.8rem 1rem; overflow: visible; background: none; color: inherit; border: 0;
}}
.lab-code.wraps pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.lab-code code {{ padding: 0; background: none; color: inherit; font-size: 0.875rem; }}
.lab-code button {{
  position: sticky; right: 0.4rem; margin: 0.4rem; place-self: start end; padding: 0.1rem 0.5rem; font-size: 0.75rem;
  cursor: pointer;
  color: {text}; background: {background}; border: 1px solid {border}; border-radius: 0.3rem; opacity: 0;
}}
.lab-code:hover button, .lab-code button:focus-visible {{ opacity: 1; }}
@media (hover: none) {{ .lab-code button {{ opacity: 1; }} }}
{words}"""


def _for_both(light: str, dark: str) -> str:
    return f"light-dark({light}, {dark})"
