"""Limits for what an article rests on: `--fail-on`, `--quiet`, and the hook for pre-commit."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest
from cli_runs import one_line
from fake_model import build_document, build_score

from hedgecheck.cli import main
from hedgecheck.cli.limits import FIGURES, SHARES, limit
from hedgecheck.results import Document

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")

REPOSITORY = Path(__file__).parent.parent

DOCUMENT = build_document(
    build_score("Two aides said no.", sourcing="unnamed", source="Two aides", certainty=0.9),
    build_score("Odile Marn said so.", sourcing="named", source="Odile Marn", certainty=0.5),
    build_score("Sources said so.", sourcing="vague", source="Sources"),
    build_score("An aide said so.", sourcing="unnamed", source="An aide", confidential=True),
    build_score("It rained."),
)
EMPTY = Document("", ())


def broken(text: str, document: Document = DOCUMENT) -> str | None:
    return limit(text).broken(document.sentences, document.profile)


# ------------------------------------------------------------------------------- what a limit is


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("unnamed>0.3", True),
        ("unnamed>0.5", False),
        ("unnamed>=50%", True),
        (" unnamed > 49.5 % ", True),
        ("unnamed_count>2", False),
        ("unnamed_count>1", True),
        ("named<.3", True),
        ("vague>0", True),
        ("vague_count>1", False),
        ("weak>=0.5", True),
        ("weak_count<=1", False),
        ("hedged>0", True),
        ("hedged_count>1", False),
        ("confidential>0.2", False),
        ("confidential>=0.2", True),
        ("unattributed>10%", True),
        ("claims>=4", True),
        ("named_sources<2", True),
        ("named_sources<1", False),
        ("certainty<0.9", True),
        ("certainty<0.8", False),
    ],
)
def test_limits_are_compared_with_the_profile(text: str, fails: bool) -> None:
    assert (broken(text) is not None) is fails


def test_the_message_says_what_and_where() -> None:
    assert broken("unnamed>30%") == "fails unnamed>0.3: 2 of 4 attributed claims: sentences 1, 4"
    assert broken("vague>0") == "fails vague>0: 1 of 4 attributed claims: sentence 3"
    assert broken("named_sources<2") == "fails named_sources<2: 1 named sources"
    assert broken("certainty<0.9") == "fails certainty<0.9: mean certainty 0.850"
    assert broken("unattributed_count>=1") == (
        "fails unattributed_count>=1: 1 of 5 sentences: sentence 5"
    )


def test_a_long_list_of_sentences_is_cut() -> None:
    many = build_document(*[build_score("It may rain.", certainty=0.5)] * 12)
    message = broken("hedged>0", many)
    assert message is not None
    assert message.endswith("sentences 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...")


@pytest.mark.parametrize("name", [*SHARES, "certainty"])
def test_a_share_of_nothing_breaks_no_limit(name: str) -> None:
    assert broken(f"{name}>=0", EMPTY) is None
    assert broken(f"{name}<1", EMPTY) is None


@pytest.mark.parametrize("name", [*(f"{name}_count" for name in SHARES), "claims", "named_sources"])
def test_a_number_of_nothing_is_zero(name: str) -> None:
    assert broken(f"{name}<1", EMPTY) is not None
    assert broken(f"{name}>0", EMPTY) is None


@pytest.mark.parametrize("name", [*SHARES, *(f"{name}_count" for name in SHARES), *FIGURES])
def test_limits_are_written_as_they_are_read(name: str) -> None:
    for comparison in ("<", "<=", ">", ">="):
        for number in ("0", "0.25", "1"):
            text = f"{name}{comparison}{number}"
            assert str(limit(text)) == text


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("unnamed", r"no limit: .* \(a shell takes > and < for itself: put it in quotation marks"),
        ("unnamed=0.3", "no limit"),
        ("unnamed>", "no limit"),
        ("unnamed>-1", "no limit"),
        ("unnamed>nan", "no limit"),
        ("", "no limit"),
        ("nameless>0.3", "no figure to put a limit on; there are named, unnamed"),
        ("claims_count>3", "no figure"),
        ("unnamed>30", r"from 0 to 1; say unnamed>0\.3, or unnamed>30%; for a number, unnamed_c"),
        ("certainty<90", r"say certainty<0\.9, or certainty<90%$"),
        ("claims>10%", "a number, not a share"),
        ("vague_count>10%", "a number, not a share"),
        ("unnamed>101%", "from 0 to 1"),
    ],
)
def test_what_is_no_limit_is_refused_with_the_remedy(text: str, match: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=match):
        limit(text)


# ------------------------------------------------------------------------------- the command line


@pytest.mark.usefixtures("model")
def test_a_broken_limit_is_one_line_and_code_3(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story), "--quiet", "--fail-on", "unnamed>0.3"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert one_line(err) == (
        f"hedgecheck: {story}: fails unnamed>0.3: 1 of 2 attributed claims: sentence 1\n"
    )


@pytest.mark.usefixtures("model")
def test_a_limit_that_holds_is_code_0(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limits = ["--fail-on", "unnamed>0.5", "--fail-on", "named_sources<1"]
    assert main(["score", str(story), "-q", *limits]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_scores_are_printed_beside(
    story: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story), "-f", form, "--fail-on", "claims>0"]) == 3
    out, err = capsys.readouterr()
    assert "Pavel Orlik" in out
    assert "fails claims>0" in one_line(err)


@pytest.mark.usefixtures("stand_in")
def test_every_broken_limit_of_every_file_is_told(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("It rained.")
    limits = ["--fail-on", "claims>1", "--fail-on", "hedged>0", "--fail-on", "claims<1"]
    assert main(["score", str(story), str(other), "-q", *limits]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": fails ")[0] for line in lines] == [
        f"hedgecheck: {story}",
        f"hedgecheck: {story}",
        f"hedgecheck: {other}",
    ]


@pytest.mark.usefixtures("stand_in")
def test_a_broken_limit_weighs_more_than_a_missing_file(story: Path) -> None:
    assert main(["score", str(story), "no.txt", "-q", "--fail-on", "claims>0"]) == 3
    assert main(["score", str(story), "no.txt", "-q", "--fail-on", "claims>9"]) == 1
    assert main(["score", "no.txt", "-q", "--fail-on", "claims>0"]) == 2


@pytest.mark.usefixtures("stand_in")
def test_lines_scored_alone_have_limits_too(story: Path) -> None:
    assert main(["score", "-s", str(story), "-q", "--fail-on", "unnamed>0"]) == 3


def test_a_wrong_limit_is_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["score", "--fail-on", "unnamed"])
    assert exit_info.value.code == 2
    assert "quotation marks" in capsys.readouterr().err


# ------------------------------------------------------------------------------- pages and hooks


def test_the_page_of_the_command_line_names_every_figure() -> None:
    page = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    for name in (*SHARES, *FIGURES):
        assert f"`{name}`" in page


@pytest.mark.usefixtures("stand_in")
def test_the_hook_runs_what_there_is(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = (REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (entry,) = re.findall(r"^  entry: (.+)$", hook, re.MULTILINE)
    (arguments,) = re.findall(r"^  args: \[(.+)\]$", hook, re.MULTILINE)
    program, *command = shlex.split(entry)
    command += [word.strip(' "') for word in arguments.split(",")]
    assert program == "hedgecheck"
    assert main([*command, str(story)]) == 0
    story.write_text("The weir reportedly failed.")
    assert main([*command, str(story)]) == 3
    assert "fails weak>0.5" in one_line(capsys.readouterr().err)
