"""Several cores: parts of a long input are scored in other processes, and columns come back.

The processes are loky's, which joblib brings: they outlive a call, and starting them, which takes
about a second, is paid once. What comes back are a batch's arrays and the words of its spans;
results are made of them here, so a score is the same object whoever worked it out, and the texts
and the model that it refers to are those of this process.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hedgecheck.checking import described
from hedgecheck.errors import InputError, LanguageWarning
from hedgecheck.language import warn_of_language

if TYPE_CHECKING:
    from concurrent.futures import Future

    from hedgecheck.model import Model

_Part = TypeVar("_Part")
_Found = TypeVar("_Found")

#: Batches of a part: enough that sending it costs little beside scoring it.
PART: Final = 4
#: So many parts have to be there before other processes are asked: fewer are done sooner here.
WORTH: Final = 6


def checked_jobs(n_jobs: object, where: str) -> int:
    """How many processes `n_jobs` stands for.

    >>> checked_jobs(2, "score_sentences")
    2
    """
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int) or n_jobs == 0:
        raise InputError(
            f"{where}: n_jobs is {described(n_jobs)}; it has to be a number of processes, or -1 "
            "for as many as there are cores"
        )
    if n_jobs == 1:
        return 1
    from joblib import effective_n_jobs  # 50 ms that scoring here does not need

    return int(effective_n_jobs(n_jobs))


def map_parts(
    work: Callable[[Model, _Part], _Found], model: Model, parts: Iterable[_Part], jobs: int
) -> Iterator[tuple[_Part, _Found]]:
    """Yield every part with what `work` makes of it, in order.

    Parameters
    ----------
    work
        A function of a module: other processes find it by its name.
    model
        What it gets first.
    parts
        What it gets second. They are taken from the iterable here, two a process ahead.
    jobs
        Processes. One, or few parts, and all is done here.
    """
    iterator = iter(parts)
    first = list(islice(iterator, WORTH)) if jobs > 1 else []
    if len(first) < WORTH:
        for part in chain(first, iterator):
            yield part, work(model, part)
        return
    from joblib.externals.loky import get_reusable_executor

    executor = get_reusable_executor(max_workers=jobs)
    waiting: deque[tuple[_Part, Future[tuple[Any, bool]]]] = deque()
    place = model.stored()
    try:
        for part in chain(first, iterator):
            waiting.append((part, executor.submit(_done, place, work, part)))
            if len(waiting) > 2 * jobs:
                yield _next_of(waiting)
        while waiting:
            yield _next_of(waiting)
    finally:
        for _, future in waiting:
            future.cancel()


def _next_of(waiting: deque[tuple[_Part, Future[tuple[Any, bool]]]]) -> tuple[_Part, Any]:
    part, future = waiting.popleft()
    found, is_foreign = future.result()
    if is_foreign:
        warn_of_language()
    return part, found


def _done(place: str, work: Callable[[Model, Any], Any], part: Any) -> tuple[Any, bool]:
    """Do the work on a part, in another process; say too whether it warned of the language."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = work(_model_at(place), part)
    return found, any(issubclass(warning.category, LanguageWarning) for warning in caught)


@lru_cache(maxsize=1)
def _model_at(place: str) -> Model:
    """The model in a file, with the words that it has met; kept until another is asked for."""
    from hedgecheck.model import load  # it imports this module

    return load(place)
