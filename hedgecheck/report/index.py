"""The page that compares several articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hedgecheck.report.article import headline
from hedgecheck.report.charts import Bar, Line, bars, line
from hedgecheck.report.rendering import TEMPLATES, read_assets, render
from hedgecheck.report.view import Figures, count_figures
from hedgecheck.report.words import percent
from hedgecheck.results import SOURCING, Document


@dataclass(frozen=True, slots=True)
class Article:
    """What the index shows of one article.

    Attributes
    ----------
    name : str
        Where it came from, such as the name of its file.
    title : str
        Its headline, or the name.
    href : str
        Relative address of its report.
    figures, bar, line
        Its profile in numbers and drawings.
    ranks : dict of str to float
        What the table can be sorted by.
    """

    name: str
    title: str
    href: str
    figures: Figures
    bar: tuple[Bar, ...]
    line: Line
    ranks: dict[str, float]


def summarise(document: Document, *, name: str, href: str) -> Article:
    """Return what the index shows of a document; much smaller than the document itself."""
    profile = document.profile
    shares = profile.claims_by_source
    return Article(
        name=name,
        title=headline(document) or name,
        href=href,
        figures=count_figures(document),
        bar=bars(shares),
        line=line(document.sentences),
        ranks={
            "sentences": len(document),
            "named": shares["named"] if profile.claims else -1.0,
            "weak": len(profile.weakly_sourced),
            "hedged": profile.hedged,
            "certainty": -1.0 if profile.mean_certainty is None else profile.mean_certainty,
        },
    )


def index_html(articles: Sequence[Article], *, failed: Sequence[str] = ()) -> str:
    """Return the page that compares articles.

    Parameters
    ----------
    articles : sequence of Article
        In the order in which they are listed.
    failed : sequence of str
        What could not be scored, a line each.

    Returns
    -------
    str
        HTML that UTF-8 can write; its links are the articles' `href`.

    Examples
    --------
    >>> import hedgecheck
    >>> document = hedgecheck.score("The weir may fail, two engineers said.")
    >>> article = summarise(document, name="weir.txt", href="weir.html")
    >>> 'href="weir.html"' in index_html([article])
    True
    """
    claims: Counter[str] = Counter(dict.fromkeys(SOURCING[1:], 0))
    for article in articles:
        claims.update(article.figures.by_source)
    total = sum(claims.values())
    shares = {name: claims[name] / total if total else 0.0 for name in SOURCING[1:]}
    return render(
        "index.html.jinja",
        read_assets(*(TEMPLATES / name for name in ("base.css", "index.css", "index.js"))),
        articles=articles,
        failed=failed,
        claims=total,
        by_source=claims,
        shares={name: percent(share) for name, share in shares.items()},
        bar_parts=bars(shares),
        weak=sum(article.figures.weak for article in articles),
    )
