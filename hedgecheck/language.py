"""Is this English? A warning for texts that plainly are not."""

from __future__ import annotations

import sys
import warnings
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Final

import numpy as np

from hedgecheck.engine import Analysis
from hedgecheck.errors import LanguageWarning
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import SHAPE_CODE, class_bits

#: Texts of at least this many words are checked ...
_MIN_WORDS: Final = 20
#: ... and are taken for English when this share are function words (news has .35 to .5).
_FUNCTION_SHARE: Final = 0.08

#: Shapes of what counts as no word: punctuation and figures.
_NO_WORDS: Final = [SHAPE_CODE[name] for name in ("p", "0", "0000", "a0")]
_PACKAGE: Final = str(Path(__file__).parent)


def check_language(analysis: Analysis, text: IntArray) -> None:
    """Warn where hardly a word of a text is one of English's commonest.

    Parameters
    ----------
    analysis
        A batch.
    text
        Number of the text that each of its sentences belongs to, from 0.

    Warns
    -----
    LanguageWarning
        Once for a batch, if one of its texts plainly is no English.
    """
    scene = analysis.scene
    types = scene.tokens.type[scene.slots]
    number = text[scene.sentence]
    is_word = ~np.isin(scene.properties.shape[types], _NO_WORDS)
    is_common = (scene.properties.classes[types] & _function_bits()) > 0
    words = np.bincount(number[is_word])
    common = np.bincount(number[is_common], minlength=len(words))[: len(words)]
    if ((words >= _MIN_WORDS) & (common < _FUNCTION_SHARE * words)).any():
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


@cache
def _function_bits() -> int:
    """The word classes of function words, as bits."""
    bits = class_bits()
    names = (
        "determiner",
        "pronoun_subject",
        "pronoun_object",
        "preposition_source",
        "auxiliary",
        "modal_will",
        "modal_would",
        "function_word",
    )
    return sum(bits[name] for name in names)
