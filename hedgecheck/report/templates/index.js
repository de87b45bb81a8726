// Sorts the table of articles. Without this script it stands in the order of the files.
"use strict";
{
  const table = document.getElementById("articles");
  const told = document.getElementById("told");
  const rows = [...table.tBodies[0].rows];
  table.caption.textContent = "Press a heading to sort by it.";
  const headings = [...table.tHead.rows[0].cells];
  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      // The first press shows what stands out first: the most, except for the order of the files
      // and for shares of named sources and certainty, where it is the least.
      const least = ["order", "named", "certainty"].includes(heading.dataset.key);
      const before = heading.getAttribute("aria-sort");
      const ascending = before ? before !== "ascending" : least;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      const key = heading.dataset.key;
      const rank = (row) => Number(row.dataset[key]);
      const missing = (row) => rank(row) < 0; // nothing to compare: always last
      rows.sort((a, b) => missing(a) - missing(b) ||
        (ascending ? rank(a) - rank(b) : rank(b) - rank(a)) ||
        a.dataset.order - b.dataset.order);
      table.tBodies[0].append(...rows);
      told.textContent = "Sorted by " + button.textContent.toLowerCase() + ", " +
        (ascending ? "least" : "most") + " first.";
    });
  }
}
