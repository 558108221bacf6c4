"""As Keras does it: pandas, where it can be imported."""

try:
    import pandas
except ImportError:
    pandas = None


def has_it() -> bool:
    """Whether it could."""
    return pandas is not None
