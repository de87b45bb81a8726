"""Every error and warning that hedgecheck raises on purpose.

The whole tree, to catch as much or as little of it as wanted::

    Exception
    └── HedgecheckError                       anything that hedgecheck itself refuses
        ├── InputError         (ValueError)   what was passed in cannot be scored
        ├── ModelFileError     (ValueError)   a model file is missing, damaged or not one of ours
        ├── TrainingDataError  (ValueError)   a table or corpus cannot be trained on
        └── MissingExtraError  (ImportError)  an optional package is not installed

    UserWarning
    ├── LanguageWarning                       the text is plainly not English; it is scored anyway
    └── RowWarning                            rows of a table were no text; the rest is scored

A message says what was wrong, where, and what to do about it. An exception that is not in this
tree and comes out of hedgecheck is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "HedgecheckError",
    "InputError",
    "LanguageWarning",
    "MissingExtraError",
    "ModelFileError",
    "RowWarning",
    "TrainingDataError",
]

_SHOWN = 3  # rows that the message of a `RowWarning` spells out


class HedgecheckError(Exception):
    """Root of all errors that hedgecheck raises.

    Examples
    --------
    >>> issubclass(InputError, HedgecheckError)
    True
    """


class InputError(HedgecheckError, ValueError):
    """What was passed in cannot be scored: a wrong type, a missing value, an undecodable file.

    It is a ``ValueError`` too, so code that guards a call with ``except ValueError`` keeps working.

    Examples
    --------
    >>> try:
    ...     raise InputError("sentences: expected a list of str, got a bare str; wrap it: [text]")
    ... except ValueError as error:
    ...     print(error)
    sentences: expected a list of str, got a bare str; wrap it: [text]
    """


class ModelFileError(HedgecheckError, ValueError):
    """A model file is missing, damaged, of another format, or holds what no model file may hold.

    Examples
    --------
    >>> raise ModelFileError("no-such.joblib: there is no such file")
    Traceback (most recent call last):
    ...
    hedgecheck.errors.ModelFileError: no-such.joblib: there is no such file
    """


class TrainingDataError(HedgecheckError, ValueError):
    """A table or a corpus cannot be trained on: a missing column, an unknown label, one class only.

    Examples
    --------
    >>> issubclass(TrainingDataError, ValueError)
    True
    """


class MissingExtraError(HedgecheckError, ImportError):
    """A feature needs a package that is not installed.

    Examples
    --------
    >>> issubclass(MissingExtraError, ImportError)
    True
    """


class LanguageWarning(UserWarning):
    """The text is plainly not English, so its scores mean little; they are given all the same.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warnings.warn("the text looks German", LanguageWarning, stacklevel=1)
    >>> caught[0].category.__name__
    'LanguageWarning'
    """


class RowWarning(UserWarning):
    """Some rows of a table hold what cannot be scored; their scores are missing, the rest is done.

    Parameters
    ----------
    rows : sequence of (int, str)
        The rows' numbers from 0, each with what was wrong.
    total : int
        Number of rows in the table.

    Attributes
    ----------
    rows : tuple of (int, str)
        As given; the message spells out the first few only.

    Examples
    --------
    >>> print(RowWarning([(4, "the text is int 7, not a str")], 10))
    1 of 10 rows was not scored: row 4: the text is int 7, not a str
    """

    def __init__(self, rows: Sequence[tuple[int, str]], total: int) -> None:
        self.rows = tuple(rows)
        self.total = total
        shown = "; ".join(f"row {number}: {cause}" for number, cause in self.rows[:_SHOWN])
        more = "; ..." if len(self.rows) > _SHOWN else ""
        verb = "was" if len(self.rows) == 1 else "were"
        super().__init__(f"{len(self.rows)} of {total} rows {verb} not scored: {shown}{more}")

    def __reduce__(self) -> tuple[type[RowWarning], tuple[tuple[tuple[int, str], ...], int]]:
        # Exceptions are copied and pickled by their message otherwise.
        return RowWarning, (self.rows, self.total)
