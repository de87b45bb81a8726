"""Is this English? A warning for texts that plainly are not."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Final

import numpy as np

from hedgecheck.errors import LanguageWarning
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import FUNCTION_WORD

#: Texts of at least this many words are checked ...
_MIN_WORDS: Final = 20
#: ... and are taken for English when this share are function words (news has .35 to .5).
_FUNCTION_SHARE: Final = 0.08

_PACKAGE: Final = str(Path(__file__).parent)


def check_language(scene: Scene, text: IntArray) -> None:
    """Warn where hardly a word of a text is one of English's commonest.

    Parameters
    ----------
    scene
        A batch.
    text
        Number of the text that each of its sentences belongs to, rising.

    Warns
    -----
    LanguageWarning
        Once for a batch, if one of its texts plainly is no English.
    """
    # Both counts in one running sum: words in the lower half of it, function words in the upper.
    counts = np.cumsum(scene.properties.counted.take(scene.tokens.type))
    final = np.append(text[1:] != text[:-1], len(text) > 0).nonzero()[0]
    counts = counts[scene.tokens.last[final] - 1]
    counts[1:] -= counts[:-1].copy()
    words, common = counts % FUNCTION_WORD, counts // FUNCTION_WORD
    if ((words >= _MIN_WORDS) & (common < _FUNCTION_SHARE * words)).any():
        warn_of_language()


def warn_of_language() -> None:
    """Warn whoever called the package that a text is no English."""
    warnings.warn(
        "the text does not look like English; the model knows English only, so do not rely on "
        "these scores",
        LanguageWarning,
        stacklevel=frames_of_package(),
    )


def frames_of_package() -> int:
    """How many frames above its caller the first one outside of the package stands, from 1."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 -- what `warnings` itself goes by
    level = 1
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
        level += 1
    return level
