"""Hypothesis strategies: sentences and texts like news, and text as hostile as Python allows."""

from __future__ import annotations

from hypothesis import strategies as st

_SUBJECTS = (
    "The ministry", "Ilsa Brandt", "A senior official", "Two people familiar with the matter",
    "He", "The harbour board", "Critics", "Police in Velmora", "Sources", "The report", "Who",
)  # fmt: skip
_VERBS = (
    "said", "told reporters that", "believes", "declined to comment on whether", "reportedly found",
    "may think", "wants to see whether", "warned on Friday that", "would not say if", "sold",
)  # fmt: skip
_CLAIMS = (
    "the ferry may sink", "“rates will fall”", "it's 'over'", "the U.S. bank could be closed",
    "1,250 boats were lost", "the deal is unclear", "“no one knows", "it is time” to go",
    "farmers' wells ran dry", "«the end» is near", "it is likely, he added,", "",
)  # fmt: skip
_ENDS = (".", "?", "!", "…", ".”", '."', "", ",” she said.", ":")
_GAPS = (" ", " ", " ", "\n", "\n\n", "\r\n", "", "\t", "\u2028", "  ")

#: Characters that have broken text tools before: surrogates, NUL, line ends, marks, joined ones.
_TROUBLE = (
    "\x00", "\ud800", "\udfff", "\u2028", "\u2029", "\x85", "\u202e", "\u200f", "\ufeff", "\u0301",
    "\U0001f468\u200d\U0001f469", "\u00a0", "\u0130", "\u00df", "\ufb01", "\n", "\r", "\t",
    '"', "'", "“", "”", "„", "‘", "’", "«", "»", "`", "''", "—", ".", "…", "?", "(", ")", " ",
    "said", "may", "he", "A", "7", "שלום", "مرحبا", "漢字", "é",
)  # fmt: skip


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Draw a sentence with the words and marks of news, well-formed or not."""
    words = [draw(st.sampled_from(part)) for part in (_SUBJECTS, _VERBS, _CLAIMS)]
    return " ".join(filter(None, words)) + draw(st.sampled_from(_ENDS))


@st.composite
def news_texts(draw: st.DrawFn) -> str:
    """Draw a text of a few sentences with gaps, line ends and headlines glued on."""
    parts = []
    for sentence in draw(st.lists(sentences(), max_size=8)):
        parts += [sentence, draw(st.sampled_from(_GAPS))]
    return "".join(parts)


def hostile_texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Any characters at all (lone surrogates among them), or trouble by the handful."""
    return st.one_of(
        st.text(st.characters(), max_size=max_size),
        st.lists(st.sampled_from(_TROUBLE), max_size=max_size).map("".join),
    )


def any_texts() -> st.SearchStrategy[str]:
    """Draw a text like news, or a hostile one, or one in the other."""
    return st.one_of(
        news_texts(), hostile_texts(), st.tuples(news_texts(), hostile_texts()).map("".join)
    )


def any_sentences(max_size: int = 10) -> st.SearchStrategy[list[str]]:
    """Draw a list of sentences, some of them hostile, some empty."""
    return st.lists(st.one_of(sentences(), hostile_texts(20)), max_size=max_size)
