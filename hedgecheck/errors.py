"""Every error and warning that hedgecheck raises on purpose.

The whole tree, to catch as much or as little of it as wanted::

    Exception
    └── HedgecheckError                       anything that hedgecheck itself refuses
        ├── InputError         (ValueError)   what was passed in cannot be scored
        ├── ModelFileError     (ValueError)   a model file is missing, damaged or not one of ours
        ├── TrainingDataError  (ValueError)   a table or corpus cannot be trained on
        └── MissingExtraError  (ImportError)  an optional package is not installed

    UserWarning
    └── LanguageWarning                       the text is plainly not English; it is scored anyway

A message says what was wrong, where, and what to do about it. An exception that is not in this
tree and comes out of hedgecheck is a bug.
"""

from __future__ import annotations

__all__ = [
    "HedgecheckError",
    "InputError",
    "LanguageWarning",
    "MissingExtraError",
    "ModelFileError",
    "TrainingDataError",
]


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
