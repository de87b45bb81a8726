"""Judge whether a sentence ends where it could: at a stop, a bullet or a glued capital.

A judgement reads what stands right before and right after, in windows of fixed size. What the
words mean comes from two word lists in ``_data/lexicons``: ``abbreviations.txt`` says what the full
stop of an abbreviation may mean, ``segmentation_words.txt`` what opens a sentence, what is a
camel-case name, what goes on with a reporting clause.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_LEXICONS = Path(__file__).parent / "_data" / "lexicons"

# Everything that str.splitlines takes for a line end.
LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
TERMINATORS = ".!?…"
BULLETS = "•▪●◦‣■"
UPPER = "A-ZÀ-ÖØ-Þ"
LOWER = "a-zß-öø-ÿ"

LIST_ITEM = re.compile(rf"[-–—―*+·{BULLETS}]\s|[(\[]?(?:\d{{1,3}}|[a-zA-Z])[.)\]]\s")
_LIST_LABEL = re.compile(r"[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5}|[IVX]{1,5})")

# What follows a stop: up to eight marks that open something, then the first word.
_DASHES = "–—―-"
_OPENING_MARKS = "\"'“”„«»‹›‘’`([{¿¡*"
_NEXT = re.compile(
    rf"([{re.escape(_OPENING_MARKS + _DASHES)}\s]{{0,8}}+)((?:[^\W_]|['’](?=\w)){{0,40}})"
)
_OPEN_QUOTE = re.compile(r"[\"“„«»‹›‘`]|''")
_CLOSE_QUOTE = re.compile(r"[\"'”’»“‘«]")
_LOOSE_MARKS = "\"'”’»)]}"
_LOOSE_CLOSER = re.compile(rf"((?:''|[{re.escape(_LOOSE_MARKS)}])++)(?=\s|\Z)[^\S{LINE_ENDS}]*")
_TERMINATOR = re.compile(rf"[{TERMINATORS}]")

_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")  # U.S, Ph.D
_INNER_BREAK = re.compile(r"[-–—―/(\[\"“”‘’«»]")
_ROMAN = re.compile(r"[IVXLC]{1,5}\b")
_ZONE = re.compile(r"[ECMPG]\.(?:[SDM]\.)?T\b")  # E.T, G.M.T

_NAME = r"[A-Z][\w.'’-]{0,30}"
_REPORTING = re.compile(
    rf"(?:(?:{_NAME}\s){{1,5}}|(?:{_NAME}\s?){{1,4}},\s[^.?!\"“”\n]{{1,80}},\s)"
    r"(?P<verb>[a-z]{2,12})\b(?P<after>\s?(?:[\w’']{1,12}|.)?)"
)
_DATELINE = re.compile(
    r"[A-Z]{3,20}(?:[ ,]{1,2}[A-Za-z.]{1,20}){0,4}\s?"
    r"(?:\((?:[A-Z]\w{1,15}|[A-Z]{2,8})\)|\s[-–—―]{1,2}\s)"
)
_WEB_WORD = re.compile(r"[@#/._\\=%~:]")
_GLUED_WORD = re.compile(rf"[{UPPER}][{LOWER}]{{0,24}}(?:['’][{LOWER}]{{1,2}})?(?=[\s,])")

# How far back straight quotation marks are counted within a paragraph: a bound keeps time linear.
_PARITY_WINDOW = 4000


def judge(found: re.Match[str], begin: int, paragraph_start: int) -> tuple[int, int] | None:
    """Judge one find of the candidate pattern of ``segmentation`` that is no line end.

    Parameters
    ----------
    found : re.Match
        Group 1 is the white space after a terminator; it takes no part for other finds.
    begin, paragraph_start : int
        Where the sentence and its paragraph start.

    Returns
    -------
    (int, int) or None
        The end of the sentence and the start of the next; None when the sentence goes on.
    """
    text = found.string
    cut, at = found.span()
    if found.lastindex is not None:
        stop = found.start(1)
        if stop == at:
            return _judge_glued_stop(text, begin, cut, stop, paragraph_start)
        return _judge_stop(text, begin, cut, stop, at, paragraph_start)
    if cut <= begin:
        return None
    if not text[cut - 1].isspace():
        return (cut, cut) if _is_glued(text, begin, cut) else None
    if text[cut] not in BULLETS and not _is_credit(text, cut):
        return None
    return begin + len(text[begin:cut].rstrip()), cut


def _judge_stop(
    text: str, begin: int, cut: int, stop: int, at: int, paragraph_start: int
) -> tuple[int, int] | None:
    """Judge the terminators and closing marks in ``cut:stop``, white space up to ``at`` after."""
    if text[at] in _LOOSE_MARKS and (closer := _LOOSE_CLOSER.match(text, at)):
        # A closing mark set off by white space, as in tokenised or French text.
        if closer.end() >= len(text) or text[closer.end()] in LINE_ENDS:
            return None
        if text[at] not in "\"'" or _inside_quotation(text, paragraph_start, at):
            stop, at = closer.end(1), closer.end()
    lead = _NEXT.match(text, at)
    if lead is None or text[at] in ",;:&/+=%":
        return None
    if cut - begin < 8 and not any(map(str.isalnum, text[begin:cut])):
        return None
    word = lead[2]
    small = word.islower() and not (
        word in words_in("particle") and text[lead.end() + 1 : lead.end() + 2].isupper()
    )
    quoted = _CLOSE_QUOTE.search(text, cut, stop) is not None
    if quoted and not small and lead[1][:1] in tuple(_DASHES):
        return None  # “Never again.” — Ann Hale
    is_full_stop = text[cut] == "." and not _TERMINATOR.search(text, cut + 1, stop)
    if quoted and not small and _goes_on_reporting(text, at, is_full_stop):
        return None
    if is_full_stop:
        ends = (_small_opens if small else _full_stop_ends)(text, begin, cut, lead)
    else:
        ends = not small and _other_mark_ends(text, begin, cut, word)
    return (stop, at) if ends else None


def _small_opens(text: str, begin: int, cut: int, lead: re.Match[str]) -> bool:
    """Tell whether a sentence starts with a small letter after a full stop.

    Only after a plain word of four or more small letters, and then with a new quotation, a list
    label or a word that often opens sentences.
    """
    before = _last_word(text, begin, cut)
    if len(before) < 4 or not (before.isalpha() and before.islower()) or _stop_kind(before):
        return False
    return (
        lead[2].capitalize() in words_in("opener")
        or _OPEN_QUOTE.search(lead[1]) is not None
        or LIST_ITEM.match(text, lead.start()) is not None
    )


def _other_mark_ends(text: str, begin: int, cut: int, word: str) -> bool:
    """Tell whether ?, ! or … before ``word``, which is not small, ends the sentence."""
    before = _last_word(text, begin, cut)
    if text[cut] in ".…":
        return before.lower() not in words_in("unfinished")  # "the ... Hale plan"
    if text[cut - 1] == "(":
        return False  # "a certain (?) Hale"
    return before not in words_in("marked_name") or word in words_in("opener")


def _full_stop_ends(text: str, begin: int, cut: int, lead: re.Match[str]) -> bool:
    """Tell whether a full stop ends the sentence when no small letter follows."""
    if cut - begin <= 6 and _LIST_LABEL.fullmatch(text, begin, cut):
        return False
    before = _last_word(text, begin, cut)
    kind = _stop_kind(before)
    if kind is None:
        return True
    openers, word = lead.groups()
    if kind == "title" or not word[:1].isupper() or openers[:1] in ("(", "[", *_DASHES):
        return False
    if kind == "number":
        return not _ROMAN.match(word)
    if kind == "closing":
        return word not in words_in("time_follower") and not _ZONE.match(text, lead.start(2))
    is_label = kind == "initial" and _is_label(before, _last_word(text, begin, cut - len(before)))
    return is_label or _opens_sentence(word, text[lead.end() : lead.end() + 2])


def _is_label(letter: str, before: str) -> bool:
    """Tell whether a single letter is a label (vitamin C) or the pronoun, and no initial."""
    return before in words_in("letter_head") or (letter == "I" and before.islower())


def _opens_sentence(word: str, after: str) -> bool:
    """Tell whether a capitalised word opens a sentence after an abbreviation that may go on."""
    if word in words_in("noun_opener"):
        return after[:1] == " " and after[1:].islower()
    if after[:1] == ":":
        return True
    return word in words_in("opener") and not (len(word) == 1 and after[:1] == ".")


def _stop_kind(token: str) -> str | None:
    """Return the section of the abbreviation list for a word before a stop; None: a plain word."""
    kind = _abbreviations().get(token)
    if kind is None and not token.isalpha():
        token = _INNER_BREAK.split(token)[-1]  # D-Mass, (Inc
        kind = _abbreviations().get(token)
    if kind is None and len(token) == 1 and token.isalpha():
        return "initial"
    if kind is None and "." in token and _DOTTED.fullmatch(token):
        return "either"
    return kind


def _last_word(text: str, begin: int, cut: int) -> str:
    """Return the last word before ``cut`` without marks that open a quotation or a bracket."""
    words = text[max(begin, cut - 24) : cut].rsplit(None, 1)
    return words[-1].lstrip(_OPENING_MARKS) if words else ""


def _inside_quotation(text: str, paragraph_start: int, at: int) -> bool:
    """Tell whether the straight or doubled mark at ``at`` closes: an odd number stands before."""
    mark = '"' if text[at] == '"' else "''"
    if not text.startswith(mark, at):
        return True
    start = max(paragraph_start, at - _PARITY_WINDOW)
    opened = text.count(mark, start, at) + (text.count("``", start, at) if mark == "''" else 0)
    return opened % 2 == 1


def _goes_on_reporting(text: str, at: int, is_full_stop: bool) -> bool:
    """Tell whether a reporting clause with a name follows: “Why now?” Hale asked.

    After a full stop the clause must end right there (“It is over.” Hale said.), for otherwise it
    more likely opens a sentence of its own.
    """
    clause = _REPORTING.match(text, at)
    if clause is None or clause["verb"] not in words_in("reporting"):
        return False
    if clause[0].split(None, 1)[0] in words_in("opener"):
        return False
    after = clause["after"].strip()
    if is_full_stop:
        return after in (".", ",")
    return clause["verb"] in ("asked", "asks", "told", "tells") or after not in words_in("content")


def _is_glued(text: str, begin: int, at: int) -> bool:
    """Tell whether the capital at ``at``, with no space before it, starts a sentence.

    A headline and its lead run together: "... halts ferry servicePort officials said". Camel-case
    names (YouTube, McDonald) and web words (#CleanAir) are none.
    """
    left = text[max(begin, at - 40) : at].rsplit(None, 1)[-1].lstrip(_OPENING_MARKS)
    if len(left) < 3 or _WEB_WORD.search(left):
        return False
    right = _GLUED_WORD.match(text, at)
    if right is None:
        return left[-3:].islower() and _DATELINE.match(text, at) is not None
    word = right[0]
    if left + word in words_in("camel_name"):
        return False
    if left.islower() and left[-1].isalpha():
        return (len(word) > 1 or word == "A") and left not in words_in("particle")
    return word in words_in("glued_opener")


def _is_credit(text: str, at: int) -> bool:
    """Tell whether a picture credit starts at ``at``: "Hale leaves the court Photo: Ann Cole"."""
    return text[at : at + 14].partition(":")[0] in words_in("credit")


def _judge_glued_stop(
    text: str, begin: int, cut: int, stop: int, paragraph_start: int
) -> tuple[int, int] | None:
    """Judge a terminator with no white space after it: "... the service.Port officials said"."""
    tokens = text[max(begin, cut - 40) : cut].rsplit(None, 1)
    right = _GLUED_WORD.match(text, stop)
    if not tokens or right is None or not tokens[-1][-1].isalpha():
        return None
    left = tokens[-1].lstrip(_OPENING_MARKS)
    word = right[0]
    if _WEB_WORD.search(left) or word in words_in("site_end"):
        return None
    opens = word in words_in("opener") and len(word) > 1
    kind = _stop_kind(left)
    if kind not in ((None, "either", "closing") if opens else (None,)):
        return None
    if not opens and not (len(word) > 2 and len(left) > 2 and left.islower()):
        return None
    if '"' in text[cut:stop] and not _inside_quotation(text, paragraph_start, cut + 1):
        stop = cut + 1
    return stop, stop


@cache
def words_before_doubtful_stops() -> frozenset[str]:
    """Return the words after which a stop, or a mark of exclamation, needs a closer look."""
    return frozenset(_abbreviations()) | words_in("marked_name")


@cache
def words_in(section: str) -> frozenset[str]:
    """Return the words of a section of ``segmentation_words.txt``."""
    return frozenset(_sections("segmentation_words.txt")[section])


@cache
def _abbreviations() -> dict[str, str]:
    """Return the section of each abbreviation, by its form without the last stop."""
    kinds: dict[str, str] = {}
    for kind, words in _sections("abbreviations.txt").items():
        for word in words:
            kinds.setdefault(word, kind)
            # SEPT, INC; but no short ones (ED, CH), nor titles, which are acronyms too (REP, RT).
            if kind == "either" or (kind == "number" and len(word) > 2):
                kinds.setdefault(word.upper(), kind)
    return kinds


@cache
def _sections(name: str) -> dict[str, list[str]]:
    """Read a word list: ``[section]`` lines, words between them, ``#`` lines for comments."""
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (_LEXICONS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            words += line.split()
    return sections
