"""A lesson on paper: a worksheet to fill in, and the answers to it, as one HTML file each that prints well.

Nothing is loaded from elsewhere, and no line of a lesson becomes HTML of its own: Markdown is read by markdown-it with
HTML switched off. A sheet says all in the language of its lesson, whoever prints it.
"""

from __future__ import annotations

import base64
import html
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

import words
from core.lessons import answers, wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Part, Plan, Question, Reply, Step, address
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError, Quantities
from core.lessons.ranges import ANY
from words import _

# of a step, by its number from 1: the numbers of its view; of -1, -2 …: of the view where what it asks for is done
Views = Callable[[int], Quantities]


@dataclass(frozen=True)
class Picture:
    """What a step is about: the digit as a PNG file's bytes, what it is in words, and the kernel's values, row by row,
    where it is one that somebody chose."""

    png: bytes
    alt: str
    kernel: tuple[tuple[str, ...], ...] = ()


# of a step, by its number from 1; None where it is about no digit
Pictures = Callable[[int], Picture | None]
# an address that is longer (with a drawing in it) is nothing that anybody would type from paper
_TYPED = 90

_STYLE = """
@page { size: A4; margin: 12mm; }
body { font: 10pt/1.35 system-ui, sans-serif; color: #1a2024; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
:lang(ko) { word-break: keep-all; overflow-wrap: break-word; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; } h2 { font-size: 1.05rem; margin: 0 0 .2rem; }
@media print, (min-width: 48rem) { .steps { display: grid; grid-template-columns: 1fr 1fr; gap: 5mm 8mm; } }
p, ul, ol { margin: .3rem 0; }
table { border-collapse: collapse; } td, th { border: 1px solid #869498; padding: .1rem .5rem; }
th:empty { display: none; }
pre, code { font-family: ui-monospace, monospace; font-size: .9em; white-space: pre-wrap; overflow-wrap: anywhere; }
.head { display: flex; gap: 2rem; border-bottom: 1px solid #869498; margin: .8rem 0 1.2rem; padding-bottom: .6rem; }
.head span { flex: 1; border-bottom: 1px dotted #869498; } .head label { white-space: nowrap; }
section { break-inside: avoid; min-width: 0; } section::after { content: ""; display: block; clear: both; }
.seen { float: right; margin: 0 0 .3rem .6rem; display: flex; align-items: center; gap: 2mm; }
.seen figure { margin: 0; text-align: center; font-size: .8rem; line-height: 1.2; }
.seen img { width: 20mm; height: 20mm; image-rendering: pixelated; display: block; print-color-adjust: exact; }
.seen td { padding: 0 .3rem; text-align: right; }
.ask { border: 1px solid #869498; border-radius: .3rem; padding: .3rem .6rem; margin: .3rem 0; clear: both; }
.line { display: flex; gap: .6rem; margin: .9rem 0 .2rem; }
.line::after { content: ""; flex: 1; border-bottom: 1px dotted #869498; }
.option { display: flex; gap: .6rem; } .option > div > p { margin: .1rem 0; }
.right { font-weight: 600; } .small { color: #4a5560; font-size: .9rem; }
.reply { margin: .2rem 0 .2rem 1.2rem; } .reply > p:first-of-type { display: inline; }
"""


def worksheet(lesson: Lesson, views: Views | None = None, pictures: Pictures | None = None) -> str:
    """What a learner gets: every question with room for a guess, for what it is, and for why; on two pages of A4.

    views: fills in numbers that a text has; without it, and where there is none yet, a gap stays. pictures: what steps
    are about.
    """
    with words.using(_spoken(lesson.language)):
        steps = "".join(
            _asked(number, step, views, pictures(number) if pictures else None)
            for number, step in enumerate(lesson.steps, 1)
        )
        said = _("Write down what you expect <b>before</b> you look. Then look, and write down what it is, and why.")
        name, date = _("Name"), _("Date")
    head = f'<div class="head"><label>{name}</label><span></span><label>{date}</label><span></span></div>'
    return _document(lesson.title, f"<p>{_text(lesson.summary)} {said}</p>{head}{_columns(steps)}", lesson.language)


def answer_sheet(lesson: Lesson, views: Views) -> str:
    """What a teacher gets: what is right on these views, and what likely mistakes say."""
    with words.using(_spoken(lesson.language)):
        steps = "".join(_answered(number, step, views) for number, step in enumerate(lesson.steps, 1))
        about = _(
            "{minutes} minutes, {steps} steps, {questions} questions.",
            minutes=lesson.minutes,
            steps=len(lesson.steps),
            questions=lesson.questions,
        )
        title = _("{lesson}: answers", lesson=lesson.title)
    return _document(title, f"<p>{_text(lesson.summary)} {about}</p>{_columns(steps)}", lesson.language)


def plan_sheet(plan: Plan, language: str) -> str:
    """A plan as a table."""
    starts = [0, *itertools.accumulate(part.minutes for part in plan.parts)]
    rows = "".join(
        f"<tr><td>{start}′</td><td>{part.minutes}</td><td><b>{_text(part.title)}</b> {_where(part)}"
        f"{_markdown(part.text)}</td></tr>"
        for start, part in zip(starts, plan.parts, strict=False)
    )
    with words.using(_spoken(language)):
        heads = "".join(f"<th>{head}</th>" for head in (_("from"), _("minutes"), _("what")))
        about = _("{minutes} minutes.", minutes=plan.minutes)
    table = f"<table><tr>{heads}</tr>{rows}</table>"
    return _document(plan.title, f"<p>{_text(plan.summary)} {about}</p>{table}", language)


def _spoken(language: str) -> str:
    """A teacher's own lessons may be in a language that the product has no words of."""
    return language if words.known(language) else words.ENGLISH


def _where(part: Part) -> str:
    return f'<code class="small">{_text(address(part.lesson))}</code>' if part.lesson else ""


def _document(title: str, body: str, language: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{_text(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _columns(steps: str) -> str:
    return f'<div class="steps">{steps}</div>'


def _seen(picture: Picture | None) -> str:
    """The picture as part of the file: nothing is loaded."""
    if picture is None:
        return ""
    data = base64.b64encode(picture.png).decode()
    rows = "".join(f"<tr>{''.join(f'<td>{_text(value)}</td>' for value in row)}</tr>" for row in picture.kernel)
    named = _("kernel")
    kernel = f"<figure><table>{rows}</table>{named}</figure>" if rows else ""
    return f'<div class="seen">{kernel}<img src="data:image/png;base64,{data}" alt="{_text(picture.alt)}"></div>'


def _asked(number: int, step: Step, views: Views | None, picture: Picture | None) -> str:
    question = step.question
    body = _seen(picture) + _filled(step.text, number, views)
    if question:
        body += f'<div class="ask">{_filled(question.text, number, views)}{_room(question)}</div>'
    return _section(number, step, body)


def _room(question: Question) -> str:
    """Where the answer goes."""
    if question.kind == "do":
        done, how = _("Done."), _("How:")
        return f'<div class="option">☐ <div>{done}</div></div><div class="line">{how}</div>'
    if question.kind == "choice":
        guess = "".join(
            f'<div class="option">☐ <div>{_markdown(reply.label)}</div></div>' for reply in question.replies
        )
    else:
        said = _("I expect ({unit}):", unit=_text(question.unit)) if question.unit else _("I expect:")
        guess = f'<div class="line">{said}</div>'
    found, because = _("It is:"), _("Because:")
    return f'{guess}<div class="line">{found}</div><div class="line">{because}</div>'


def _answered(number: int, step: Step, views: Views) -> str:
    question = step.question
    if question is None:
        return _section(number, step, _filled(step.text, number, views))
    body = _filled(question.text, number, views)
    body += f'<div class="right">{_markdown(_right(question, number, views))}</div>'
    if question.right and question.right.text:
        # what is right of something to be done is so where it is done
        body += _reply(question, question.right, -number if question.kind == "do" else number, views)
    body += "".join(_reply(question, reply, number, views) for reply in question.replies)
    if question.kind == "number" and question.between != ANY:
        taken = _("Answers that the page takes: {range}", range=question.between.in_words())
        body += f'<p class="small">{taken}</p>'
    if question.kind == "do" and len(question.solution) <= _TYPED:
        solution = f"<code>{_text(question.solution)}</code>"
        way = _("One way: {address}", address=solution)
        body += f'<p class="small">{way}</p>'
    return _section(number, step, body + _filled(question.after, number, views))


def _right(question: Question, number: int, views: Views) -> str:
    try:
        if question.kind == "do" and question.right:
            return _("Done when the page finds this true: `{condition}`", condition=question.right.when.text)
        return _("It is: {answer}", answer=answers.right_answer(question, views(number)))
    except (NotYetError, ExpressionError) as missing:
        return _("It depends: {reason}", reason=missing)


def _reply(question: Question, reply: Reply, number: int, views: Views) -> str:
    label = _label(question, reply, number, views)
    return f'<div class="reply"><span class="small">{_inline(label)}:</span> {_filled(reply.text, number, views)}</div>'


def _label(question: Question, reply: Reply, number: int, views: Views) -> str:
    """Which answer this is a reply to: the choice, the number that a mistake gives, or what is so on the page."""
    if question.kind == "choice":
        return reply.label
    if reply is question.right:
        return _("right, for example") if question.kind == "do" else _("right")
    if question.kind == "do":
        return _("as long as `{condition}`", condition=reply.when.text)
    try:
        return wording.shown(reply.when.value(views(number)))
    except (NotYetError, ExpressionError):
        return f"`{reply.when.text}`"


def _section(number: int, step: Step, body: str) -> str:
    return f"<section><h2>{number}. {_text(step.title)}</h2>{body}</section>"


def _filled(text: str, number: int, views: Views | None) -> str:
    """Markdown with its numbers; a gap where one is not there."""
    try:
        gaps = bool(wording.gaps(text, KNOWN))
        if not gaps or views is not None:
            return _markdown(wording.filled(text, views(number) if gaps and views else {}, KNOWN))
    except (NotYetError, ExpressionError):
        pass
    return _markdown(wording.blanked(text))


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _markdown(text: str) -> str:
    return _reader().render(text)


def _inline(text: str) -> str:
    return _reader().renderInline(text)


def _text(text: str) -> str:
    return html.escape(text)
