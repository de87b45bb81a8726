"""What the model knows about a word: the features of a type, worked out once per surface form.

A type's features are its normal form (where the vocabulary has it), its shape, its last two and
three letters, and the classes of the word lists that it stands in. They are named by short strings
such as ``w=said``, ``sh=Aa``, ``s3=ing`` and ``c=report_past``; the vocabulary numbers those that
occurred often enough in training. `TypeProperties` keeps what the array code asks about types:
hash, quotation mark, shape, classes as bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hedgecheck.form_tables import FormTable, FormWeights
from hedgecheck.quotations import mark_kind
from hedgecheck.row_table import RowLayout, RowTable
from hedgecheck.tokens import IntArray, TypeTable, normal_form, stable_hash

#: Column of the vocabulary that stands for a word that is not in it.
UNKNOWN = 0

_LEXICONS: Final = Path(__file__).parent / "_data" / "lexicons"

#: Shapes of tokens, in the order of their codes.
SHAPES: Final = ("pad", "a", "aa", "A", "AA", "Aa", "aA", "0", "0000", "a0", "p", "o")
SHAPE_CODE: Final = {name: code for code, name in enumerate(SHAPES)}

#: Codes of the shapes that begin with a capital.
CAPITALS: Final = tuple(SHAPE_CODE[name] for name in ("A", "AA", "Aa", "aA"))

#: Marks that end a sentence; their codes count from 1.
END_MARKS: Final = ("?", "!", ".", ":", "\u2026")

#: Shapes of what counts as no word: punctuation and figures.
_NO_WORDS: Final = frozenset(("p", "0", "0000", "a0"))
#: Classes of English's commonest words, and what such a word adds to `TypeProperties.counted`.
_FUNCTION_CLASSES: Final = (
    "determiner",
    "pronoun_subject",
    "pronoun_object",
    "preposition_source",
    "auxiliary",
    "modal_will",
    "modal_would",
    "function_word",
)
FUNCTION_WORD: Final = 2**32

_COMMAS: Final = frozenset(",;:\u2013\u2014()")


@cache
def word_classes() -> Mapping[str, tuple[str, ...]]:
    """Classes of every word in the list ``word_classes.txt``.

    >>> "reportative" in word_classes()["reportedly"]
    True
    """
    found: dict[str, list[str]] = {}
    current = ""
    text = (_LEXICONS / "word_classes.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            current = line.strip()[1:-1]
        elif not line.startswith("#"):
            for word in line.split():
                classes = found.setdefault(word, [])
                if current not in classes:
                    classes.append(current)
    return {word: tuple(classes) for word, classes in found.items()}


@cache
def class_bits() -> Mapping[str, int]:
    """The bit that stands for each word class in `TypeProperties.classes`."""
    names = dict.fromkeys(name for classes in word_classes().values() for name in classes)
    return {name: 1 << bit for bit, name in enumerate(names)}


@cache
def hedge_phrases() -> tuple[npt.NDArray[np.uint64], IntArray]:
    """Keys of the two-word hedges (`phrase_key`), rising, and the kind of each, from 1."""
    keys: dict[int, int] = {}
    kind = 0
    text = (_LEXICONS / "hedge_phrases.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            kind += 1
        elif line and not line.startswith("#"):
            words = re.findall(r"\w+|[^\w\s]", normal_form(line))[-2:]
            pair = np.array([stable_hash("w=" + word) for word in words], dtype=np.uint64)
            keys[int(phrase_key(pair[:1], pair[1:])[0])] = kind
    order = sorted(keys)
    return np.array(order, np.uint64), np.array([keys[k] for k in order], np.int64)


@cache
def phrase_words() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Hashes of the first and of the second words of the two-word hedges."""
    keys = hedge_phrases()[0]
    return np.unique(keys >> np.uint64(32)), np.unique(keys & np.uint64(2**32 - 1))


#: What a word can be, as bits of `TypeProperties.roles`: the first or the second of a two-word
#: hedge, an adverb or adjective of hearsay, a passive of saying or believing, a question mark; a
#: word with a capital, a person or role, what stands before one without a name ("a", "two", the
#: edge of the sentence), a pronoun as subject.
OPENS_PHRASE: Final = 1
CLOSES_PHRASE: Final = 2
HEARSAY: Final = 4
PASSIVE: Final = 8
QUESTION: Final = 16
CAPITAL: Final = 32
PERSON: Final = 64
UNNAMED: Final = 128
PRONOUN_SUBJECT: Final = 256

#: Word classes that a source phrase may begin with, and a sentence; their codes count from 1, and
#: the first that fits is taken. The last of a phrase is a name.
_PHRASE_OPENINGS: Final = (("determiner",), ("quantifier",), ("role", "person"))
_SENTENCE_OPENINGS: Final = (
    ("question_word",),
    ("imperative",),
    ("auxiliary",),
    ("pronoun_subject",),
)

#: What a comma, dash or bracket adds to `TypeProperties.clause_step`, beside the clause it opens.
COMMA_BITS: Final = 32
COMMA_STEP: Final = 2**COMMA_BITS


#: Kinds of two-word hedges, 0 for none included.
N_PHRASE_KINDS: Final = 8


def phrase_key(
    left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint64]:
    """One number for two words, from their hashes."""
    return left * np.uint64(2**32) + right


def shape(word: str) -> str:
    """The shape of a token: case, digits or punctuation, and whether it is short.

    >>> [shape(word) for word in ("the", "ministry", "Hale", "NATO", "iPhone", "42", "2026", ",")]
    ['a', 'aa', 'Aa', 'AA', 'aA', '0', '0000', 'p']
    """
    if word.isalpha():
        if word.islower():
            return "a" if len(word) < 4 else "aa"
        if word.isupper():
            return "A" if len(word) == 1 else "AA"
        if word[0].isupper() and word[1:].islower():
            return "Aa"
        return "aA" if word.isascii() else "o"
    if word.isdigit():
        return "0" if len(word) < 4 else "0000"
    return "a0" if word.isalnum() else "p"


def type_features(surface: str) -> list[str]:
    """Names of the features of a surface form; the first is its normal form.

    >>> type_features("Allegedly ")[:4]
    ['w=allegedly', 'sh=Aa', 's3=dly', 's2=ly']
    """
    word = surface.rstrip()
    return _feature_names(normal_form(word), shape(word))


def _feature_names(normal: str, form: str) -> list[str]:
    names = ["w=" + normal, "sh=" + form]
    if len(normal) > 4 and normal.isalpha():
        names += ["s3=" + normal[-3:], "s2=" + normal[-2:]]
    classes = word_classes().get(normal)
    if classes:
        names += ["c=" + name for name in classes]
    return names


def _first_of(masks: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.uint8]:
    """Which of some masks is the first to be true, from 1; 0 where none is."""
    numbers = list(range(1, len(masks) + 1))
    return np.select(masks, numbers, 0).astype(np.uint8)


class Vocabulary:
    """Numbers for type features, from 1; 0 stands for a word that is not among them.

    Names of people and places are no part of it (`hedgecheck.training.make_vocabulary`): a
    capitalised word that it does not have is known by its shape and its word classes only, and by
    its shape alone in `key`, so that what is learned of one name holds for all.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        self._columns = {name: column for column, name in enumerate(self.names, 1)}

    def __len__(self) -> int:
        return len(self.names) + 1

    def columns(self, surface: str) -> list[int]:
        """Columns of the features of a surface form.

        >>> Vocabulary(["w=said", "sh=aa"]).columns("said "), Vocabulary(["sh=aa"]).columns("said")
        ([1, 2], [0, 1])
        """
        word = surface.rstrip()
        return self.entry(word, normal_form(word), shape(word))[0]

    def key(self, surface: str) -> str:
        """What a surface form is in word pairs: its normal form, or its shape if it is a name."""
        word = surface.rstrip()
        return self.entry(word, normal_form(word), shape(word))[1]

    def entry(self, word: str, normal: str, form: str) -> tuple[list[int], str]:
        """Columns and key of a word of which normal form and shape are known."""
        names = _feature_names(normal, form)
        known = self._columns
        is_known = names[0] in known
        if is_known or not word[:1].isupper():
            key = names[0]
        else:  # a name
            key = names[1]
            names = names[:2] + [name for name in names[2:] if name.startswith("c=")]
        found = [known[name] for name in names if name in known]
        return (found if is_known else [UNKNOWN, *found]), key

    def to_bytes(self) -> bytes:
        """The names as an entry of a model file: one a line, in UTF-8."""
        return "\n".join(self.names).encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, data: bytes) -> Vocabulary:
        """The vocabulary that `to_bytes` wrote.

        >>> Vocabulary.from_bytes(Vocabulary(["w=said", "sh=aa"]).to_bytes()).names
        ['w=said', 'sh=aa']
        """
        return cls(data.decode("utf-8", "surrogatepass").split("\n") if data else ())


class TypeProperties:
    """Tables of what is asked about types, one row a type; row 0 is padding.

    `counted` is 1 for a word that is no figure, and `FUNCTION_WORD` more for one of English's
    commonest. `columns` and `indptr` hold the vocabulary columns of each type (as in a CSR matrix).
    Types with the same columns have the same number in `form`: all names of one shape are one form,
    so that there are far fewer forms than types. `form_type` is the first type of each form.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.surfaces: list[str] = [""]
        self.hash: npt.NDArray[np.uint64] = np.zeros(1, dtype=np.uint64)
        self.classes: IntArray = np.zeros(1, dtype=np.int64)
        self.counted: IntArray = np.zeros(1, dtype=np.int64)
        self.mark: npt.NDArray[np.int8] = np.zeros(1, dtype=np.int8)
        self.shape: npt.NDArray[np.int8] = np.zeros(1, dtype=np.int8)
        self.capital: npt.NDArray[np.bool_] = np.zeros(1, dtype=np.bool_)
        self.comma: npt.NDArray[np.bool_] = np.zeros(1, dtype=np.bool_)
        #: Commas and quotation marks, which no source begins or ends with.
        self.edge: npt.NDArray[np.bool_] = np.zeros(1, dtype=np.bool_)
        self.end_mark: npt.NDArray[np.int8] = np.zeros(1, dtype=np.int8)
        self.roles: npt.NDArray[np.uint16] = np.array([UNNAMED], dtype=np.uint16)
        #: What a source phrase begins with, and what a sentence does: see `_PHRASE_OPENINGS`.
        self.phrase_opening: npt.NDArray[np.uint8] = np.zeros(1, dtype=np.uint8)
        self.sentence_opening: npt.NDArray[np.uint8] = np.zeros(1, dtype=np.uint8)
        #: 1 for what opens a clause, and `COMMA_STEP` more for a comma: for running counts of both.
        self.clause_step: IntArray = np.zeros(1, dtype=np.int64)
        #: Summed weights of every form, by their owner.
        self.form_tables: dict[FormWeights, FormTable] = {}
        #: Rows of weights that sentences are scored with.
        self.row_tables: dict[RowLayout, RowTable] = {}
        self.form: IntArray = np.zeros(1, dtype=np.int64)
        self.form_type: IntArray = np.zeros(1, dtype=np.int64)
        self._forms: dict[tuple[int, ...], int] = {}
        self.indptr: IntArray = np.zeros(2, dtype=np.int64)
        self.columns: IntArray = np.zeros(0, dtype=np.int64)
        self.table = TypeTable(self._add)

    def _add(self, surfaces: list[str]) -> None:
        words = [surface.rstrip() for surface in surfaces]
        normals = [normal_form(word) for word in words]
        shapes = [shape(word) for word in words]
        entries = [self._vocabulary.entry(*one) for one in zip(words, normals, shapes, strict=True)]
        bits, classes = class_bits(), word_classes()
        flags = [sum(bits[name] for name in classes.get(n, ())) for n in normals]
        function_bits = sum(bits[name] for name in _FUNCTION_CLASSES)
        counted = [
            (form not in _NO_WORDS) + FUNCTION_WORD * (flag & function_bits > 0)
            for form, flag in zip(shapes, flags, strict=True)
        ]
        ends_with = [END_MARKS.index(w) + 1 if w in END_MARKS else 0 for w in words]
        hashes = np.array([stable_hash(key) for _, key in entries], np.uint64)
        marks = np.array([mark_kind(w) for w in words], np.int8)
        commas = np.array([w in _COMMAS for w in words], np.bool_)
        codes = [SHAPE_CODE[form] for form in shapes]
        self.surfaces += surfaces
        self.hash = np.append(self.hash, hashes)
        own_classes = np.array(flags, np.int64)
        self.classes = np.append(self.classes, own_classes)
        first_words, second_words = phrase_words()

        def has(*names: str) -> npt.NDArray[np.bool_]:
            wanted = sum(bits[name] for name in names)
            return np.asarray((own_classes & wanted) > 0)

        is_capital = np.isin(codes, CAPITALS)
        roles = np.zeros(len(words), dtype=np.uint16)
        for role, own in (
            (OPENS_PHRASE, np.isin(hashes, first_words)),
            (CLOSES_PHRASE, np.isin(hashes, second_words)),
            (HEARSAY, has("reportative")),
            (PASSIVE, has("report_past", "belief_participle")),
            (QUESTION, np.array([w == "?" for w in words], np.bool_)),
            (CAPITAL, is_capital),
            (PERSON, has("role", "person")),
            (UNNAMED, has("indefinite", "quantifier")),
            (PRONOUN_SUBJECT, has("pronoun_subject")),
        ):
            roles[own] |= role
        self.roles = np.append(self.roles, roles)
        is_name = np.array(codes) == SHAPE_CODE["Aa"]
        phrases = [*(has(*names) for names in _PHRASE_OPENINGS), is_name]
        sentences = [has(*names) for names in _SENTENCE_OPENINGS]
        self.phrase_opening = np.append(self.phrase_opening, _first_of(phrases))
        self.sentence_opening = np.append(self.sentence_opening, _first_of(sentences))
        opens = commas | has("clause_opener")
        self.clause_step = np.append(self.clause_step, opens + COMMA_STEP * commas)
        self.counted = np.append(self.counted, np.array(counted, np.int64))
        self.mark = np.append(self.mark, marks)
        self.shape = np.append(self.shape, np.array(codes, np.int8))
        self.capital = np.append(self.capital, is_capital)
        self.comma = np.append(self.comma, commas)
        self.edge = np.append(self.edge, commas | (marks > 0))
        self.end_mark = np.append(self.end_mark, np.array(ends_with, np.int8))
        ends = self.indptr[-1] + np.cumsum([len(columns) for columns, _ in entries])
        self.indptr = np.append(self.indptr, ends)
        flat = np.array([c for columns, _ in entries for c in columns], dtype=np.int64)
        self.columns = np.append(self.columns, flat)
        self._add_forms([tuple(columns) for columns, _ in entries])

    def columns_of(self, types: IntArray) -> tuple[IntArray, IntArray]:
        """The vocabulary columns of some types, one type's after the other's, and where they begin.

        >>> properties = TypeProperties(Vocabulary(["w=said", "sh=aa"]))
        >>> types = properties.table.look_up(["said", "heard"])
        >>> [part.tolist() for part in properties.columns_of(types)]
        [[1, 2, 0, 2], [0, 2]]
        """
        first, last = self.indptr[types], self.indptr[types + 1]
        lengths = last - first
        begins = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(first - begins, lengths)
        return self.columns[places], begins

    def _add_forms(self, columns: list[tuple[int, ...]]) -> None:
        known = len(self._forms)
        forms = [self._forms.setdefault(row, len(self._forms) + 1) for row in columns]
        numbers = np.array(forms, dtype=np.int64)
        new, places = np.unique(numbers, return_index=True)
        first_types = len(self.form) + places[new > known]
        self.form = np.append(self.form, numbers)
        self.form_type = np.append(self.form_type, first_types)
