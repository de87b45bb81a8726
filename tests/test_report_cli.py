"""``hedgecheck report``: a file for one text, a folder with an index for several."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import one_line
from fake_model import build_document, build_score
from html_reading import Page, check_harmless

import hedgecheck
from hedgecheck.cli import main
from hedgecheck.report import index_html, summarise

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of three articles, one of them with a name that is markup."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "dam.txt").write_text(
        "Dam to close\n\nThe dam may close, two senior officials said."
    )
    (articles / "gate.txt").write_text(
        "Pavel Orlik said the gate was shut. It is reportedly rusty."
    )
    (articles / "<b>.txt").write_text("It rained all night.")
    (articles / "notes.md").write_text("No article.")
    return articles


def test_one_text_makes_one_file(
    model: str, story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "story.html"
    assert main(["report", str(story), "-o", str(out)]) == 0
    page = Page(out.read_text(encoding="utf-8"))
    check_harmless(page)
    assert page.all("h1")[0].text == "story.txt"
    assert len(page.all("a", "m")) == 3, model
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("stand_in")
def test_standard_input_to_standard_output(
    feed: Callable[[bytes], None], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed("The ferry may be late – two hours.".encode())
    assert main(["report", "-o", "-", "--title", "Ferry & rail"]) == 0
    page = Page(capsysbinary.readouterr().out.decode())
    assert page.all("h1")[0].text == "Ferry & rail"
    assert "late – two hours" in page.by_id("s1").text


@pytest.mark.usefixtures("model")
def test_a_folder_makes_a_folder_with_an_index(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "reports"
    assert main(["report", str(folder), "-o", str(out)]) == 0
    assert {it.name for it in out.iterdir()} == {"index.html", "b.html", "dam.html", "gate.html"}
    index = Page((out / "index.html").read_text(encoding="utf-8"))
    check_harmless(index, links=("b.html", "dam.html", "gate.html"))
    cells = [it.text for it in index.all("th") if it.attributes.get("scope") == "row"]
    assert [re.sub(r"\s+", " ", it) for it in cells] == [
        *("<b>.txt 1 sentence", "Dam to close dam.txt, 2 sentences", "gate.txt 2 sentences")
    ]
    article = Page((out / "dam.html").read_text(encoding="utf-8"))
    check_harmless(article, links=("index.html",))


@pytest.mark.usefixtures("stand_in")
def test_an_input_that_fails_is_told_and_the_rest_is_done(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xfa <i>")
    out = tmp_path / "out"
    assert main(["report", str(folder), "missing.txt", "-o", f"{out}/"]) == 1
    assert capsys.readouterr().err.count("\n") == 2
    index = Page((out / "index.html").read_text(encoding="utf-8"))
    assert "missing.txt: no such file" in index.all("section", "failed")[0].text
    assert len(list(out.iterdir())) == 4
    assert main(["report", "missing.txt", "gone.txt", "-o", str(tmp_path / "none")]) == 2
    assert list((tmp_path / "none").iterdir()) == []


@pytest.mark.usefixtures("stand_in")
def test_files_of_one_name_do_not_meet(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("dam.txt", "Dam.txt", "index.txt", "é☂.txt"):
        (other / name).write_text("It snowed.")
    out = tmp_path / "out"
    assert main(["report", str(folder / "dam.txt"), str(other), "-o", str(out)]) == 0
    names = {it.name for it in out.iterdir()}
    assert names == {
        *("index.html", "dam.html", "Dam-2.html", "dam-3.html", "index-2.html", "article.html")
    }


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{story}", "{story}", "-o", "{there}/two.html"], "several texts need a folder"),
        (["{there}", "-o", "{there}/two.html"], "several texts need a folder"),
        (["{story}", "-o", "{story}"], "is the text itself"),
        (["{story}", "-o", "{there}/no/story.html"], "cannot be written"),
        (["{story}", "-o", "{story}/reports/"], "cannot be made"),
        (["{story}", "-o", "{there}/out/", "--title", "Mine"], "--title"),
        (["{there}/empty", "-o", "{there}/out/"], "no .txt file"),
        (["{there}/no.txt", "-o", "{there}/no.html"], "no such file"),
        (["{story}", "-o", "{there}/out.html", "--model", "klingon"], "klingon"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_code_2(
    arguments: list[str],
    message: str,
    story: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    given = [it.format(story=story, there=tmp_path) for it in arguments]
    before = story.read_text(encoding="utf-8")
    assert main(["report", *given]) == 2
    assert message in one_line(capsys.readouterr().err)
    assert story.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "arguments", [["story.txt"], ["-", "-", "-o", "x/"], ["-o", "x.html", "--encoding", "hex"]]
)
def test_wrong_arguments_are_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["report", *arguments])
    assert exit_info.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.usefixtures("stand_in")
def test_a_text_that_is_not_english_says_so_on_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Das schiff kam.")
    assert main(["report", str(tmp_path / "a.txt"), "-o", str(tmp_path / "a.html")]) == 0
    assert "not English" in one_line(capsys.readouterr().err)
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert "not English" in page.all("p", "notice")[0].text


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("quiet", [False, True])
def test_a_progress_bar_on_a_terminal(
    folder: Path,
    tmp_path: Path,
    quiet: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "empty.txt").write_text("")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["report", str(folder), "-o", str(tmp_path / "out"), *["--quiet"] * quiet]) == 0
    err = capsys.readouterr().err
    assert ("articles" in err and "100%" in err) is not quiet
    # A message does not stand on the line of the bar.
    assert re.search(r"(^|\n)hedgecheck: .*empty.txt: nothing to score", err)


# --------------------------------------------------------------------------------------- the index


def test_the_index_adds_the_articles_up() -> None:
    named = build_score("Ida Roth said so.", sourcing="named", source="Ida Roth")
    vague = build_score("Some say so.", sourcing="vague", source="Some")
    first = summarise(build_document(named, named, vague), name="a.txt", href="a.html")
    second = summarise(build_document(vague), name="b.txt", href="b.html")
    third = summarise(build_document(build_score()), name="c.txt", href="c.html")
    page = Page(index_html([first, second, third]))
    assert page.all("h1")[0].text == "3 articles compared"
    deck = page.all("p", "deck")[0].text
    assert deck == (
        "Together they have 4 attributed claims; 2 rest on a vague or confidential source alone."
    )
    assert "Named source 2 50%" in page.all("ul", "shares")[0].text
    rows = [it for it in page.all("tr") if "data-order" in it.attributes]
    assert [it.attributes["data-named"] for it in rows] == ["0.666667", "0.000000", "-1.000000"]
    assert "no claims" in rows[2].text


def test_the_index_of_nothing_and_of_hostile_names() -> None:
    check_harmless(Page(index_html([])))
    document = hedgecheck.score("It rained.")
    article = summarise(document, name="<script>\u202e\ud800.txt", href="x.html")
    html = index_html([article], failed=["<img>: no such file"])
    check_harmless(Page(html), links=("x.html",))
    html.encode()
    assert "\u202e" not in html
    assert "<script>[RLO]" in Page(html).all("a")[0].text
