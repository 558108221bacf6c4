"""A view: a page with settings, as an address has them; read from a lesson, opened, and compared with what is on
screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.lessons.lesson import Lesson
from ui.lessons import settings
from ui.shared import controls, navigation, state
from words import _

# what says where somebody is in a lesson, and what no view is about: whoever is brought to one keeps their language
_NEVER = (*settings.KEYS, state.LANGUAGE)


@dataclass(frozen=True)
class View:
    """page: its key. values: the settings that are not at their default."""

    page: str
    values: dict[str, state.Value] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> str:
        """The page's address below the root."""
        return navigation.path(self.page)

    def get(self, key: str) -> Any:
        """A setting, as `state.get` gives it once the view is open."""
        return self.values.get(key, state.PARAMS[key].default)


class ViewError(ValueError):
    """An address that opens no view; the message is one sentence for the lesson's writer."""


@lru_cache(maxsize=512)
def parse(address: str) -> View:
    """The view that an address such as /conv2d?net=LeNet-5&index=3 opens, percent signs or not. Raises ViewError."""
    parts = urlsplit(address)
    page = parts.path.strip("/") or navigation.HOME
    if parts.scheme or parts.netloc or page not in set(navigation.keys()):
        raise ViewError(
            _("A view is an address here, such as /conv2d?index=3, and “{address}” is none.", address=address[:60])
        )
    values: dict[str, state.Value] = {}
    for key, said in parse_qsl(parts.query, keep_blank_values=True):
        param = state.PARAMS.get(key)
        if param is None or key in _NEVER or key in values or not param.carried:
            raise ViewError(
                _("Each setting of a view should be one of an address, once; “{key}” is not.", key=key[:40])
            )
        try:
            values[key] = param.read(said)
        except ValueError as error:
            raise ViewError(
                _("{key} expects {expected}, not “{said}”.", key=key, expected=error, said=said[:60])
            ) from error
    return View(page, {key: value for key, value in values.items() if value != state.PARAMS[key].default})


def problems(lesson: Lesson) -> list[str]:
    """One sentence, with file and line, for each address of a lesson that opens no view, and each setting to be kept
    that there is not."""
    found = []
    for step in lesson.steps:
        for address in filter(None, (step.view, step.question.solution if step.question else "")):
            try:
                parse(address)
            except ViewError as error:
                found.append(
                    _("{file}, step at line {line}: {problem}", file=lesson.source, line=step.line, problem=error)
                )
        if unknown := [key for key in step.keep if key not in state.PARAMS]:
            found.append(
                _(
                    "{file}, step at line {line}: @keep names settings; {key} is none.",
                    file=lesson.source,
                    line=step.line,
                    key=unknown[0],
                )
            )
    return found


def current() -> View:
    """What is on screen."""
    return View(page_key(), _own_values())


def page_key() -> str:
    """The key of the page on screen."""
    return state.page() or navigation.HOME


def _own_values() -> dict[str, state.Value]:
    found = {key: state.get(key) for key, param in state.PARAMS.items() if param.carried and key not in _NEVER}
    return {key: value for key, value in found.items() if value is not None and value != state.PARAMS[key].default}


def with_kept(view: View, keep: tuple[str, ...]) -> View:
    """The view with some settings as they are on screen now."""
    kept = {key: state.get(key) for key in keep if key in state.PARAMS}
    return View(view.page, {**view.values, **{key: value for key, value in kept.items() if value is not None}})


def settings_for(view: View) -> dict[str, state.Value]:
    """What is to be set so that this view is on screen: only what differs, for a session that holds little is quick."""
    wanted = {key: view.get(key) for key, param in state.PARAMS.items() if param.carried and key not in _NEVER}
    return {key: value for key, value in wanted.items() if state.get(key) != value}


def is_open(view: View, keep: tuple[str, ...] = ()) -> bool:
    """Whether this view is what is on screen. Where it leaves a choice to the page, what that chose belongs to it."""
    differing = settings_for(with_kept(view, keep))
    return page_key() == view.page and all(key not in view.values and controls.by_itself(key) for key in differing)
