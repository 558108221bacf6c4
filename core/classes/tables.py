"""The tables of the database: a class, its pupils, their answers, their drawings, a lesson of its own.

Everything hangs on a class and goes with it. Times are seconds since 1970. What makes somebody a teacher or a pupil is
a token of their browser; only a hash of it is kept, and another one in each class, so that nobody who reads the file
can say that a pupil of two classes is the same one.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.classes import limits

metadata = MetaData()
_HASH = 64


def _of(table: str) -> Column:
    """A column that names a row of another table, with which this row goes."""
    name = {"classes": "class_id", "pupils": "pupil_id"}[table]
    return Column(name, Integer, ForeignKey(f"layer_lab_{table}.id", ondelete="CASCADE"), nullable=False)


# lesson and step are where the class stands; `moves` grows with every move, so that a window knows of one it has not
# followed yet
classes = Table(
    "layer_lab_classes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(limits.CODE_DIGITS), nullable=False, unique=True),
    Column("teacher", String(_HASH), nullable=False, index=True),
    Column("ends", Float, nullable=False, index=True),
    Column("leads", Boolean, nullable=False, default=False),
    Column("lesson", String(limits.LONGEST_LESSON), nullable=False, default=""),
    Column("step", Integer, nullable=False, default=1),
    Column("moves", Integer, nullable=False, default=0),
    # a number is never given twice: a window that still holds that of a class that ended must not find another class
    sqlite_autoincrement=True,
)

pupils = Table(
    "layer_lab_pupils",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("classes"),
    Column("token", String(_HASH), nullable=False),
    Column("name", String(limits.LONGEST_NAME), nullable=False, default=""),
    Column("joined", Float, nullable=False),
    UniqueConstraint("class_id", "token"),
    sqlite_autoincrement=True,
)

# correct: whether the answer was right on the pupil's own view; NULL until that has been computed
answers = Table(
    "layer_lab_answers",
    metadata,
    _of("classes"),
    _of("pupils"),
    Column("lesson", String(limits.LONGEST_LESSON), nullable=False),
    Column("step", Integer, nullable=False),
    Column("answer", String(limits.LONGEST_ANSWER), nullable=False),
    Column("correct", Boolean),
    PrimaryKeyConstraint("pupil_id", "lesson", "step"),
    Index("layer_lab_answers_at", "class_id", "lesson", "step"),
)

# a lesson of the teacher's own, as a file, one a class; number: how often one was given
lessons = Table(
    "layer_lab_lessons",
    metadata,
    _of("classes"),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(limits.LONGEST_LANGUAGE), nullable=False),
    PrimaryKeyConstraint("class_id"),
)

# pixels: 784 bytes, as the network read them; strokes: JSON, [] where a picture was no drawing; label: what it was
# meant to be; prediction and probability: what the pupil's network read
drawings = Table(
    "layer_lab_drawings",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("classes"),
    _of("pupils"),
    Column("pixels", LargeBinary(784), nullable=False),
    Column("strokes", Text, nullable=False),
    Column("label", Integer, nullable=False),
    Column("prediction", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    Column("network", String(limits.LONGEST_NETWORK), nullable=False),
    Index("layer_lab_drawings_of", "class_id"),
    Index("layer_lab_drawings_by", "pupil_id"),
    sqlite_autoincrement=True,
)
