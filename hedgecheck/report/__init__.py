"""Reports for people: one self-contained HTML file for an article, and an index for several.

In the order of the data: words that name the labels, reasons in words, list of sources, charts, the
view of a document as plain data (`view`), and the template that turns it into HTML (`rendering`).
Whatever stands in a text is escaped by the template engine; nothing in a report asks for anything
over the network, and its content security policy forbids it.
"""

from __future__ import annotations

from hedgecheck.report.article import document_html, headline
from hedgecheck.report.index import Article, index_html, summarise

__all__ = ["Article", "document_html", "headline", "index_html", "summarise"]
