"""As Keras does it: pandas, where it can be imported."""

try:
    import pandas
except ImportError:
    pandas = None


def has_it() -> bool:
    """Whether it could."""
    return pandas is not None


def finds_it() -> bool:
    """Whether it can be imported now, as by who imports Keras only when it is needed."""
    try:
        import pandas  # noqa: F401
    except ImportError:
        return False
    return True
