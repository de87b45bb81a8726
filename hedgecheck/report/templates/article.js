// The report without this script is whole: marks lead to notes, filters are plain CSS. The script
// adds the panel, the arrow keys, and the way from the line of certainty to the sentence.
"use strict";
function openReport(report) {
  const find = (id) => report.querySelector("#" + id);
  const story = find("story");
  const panel = find("panel");
  if (!story || !panel) return;
  const body = find("panel-body");
  const hint = body.firstElementChild;
  const marks = [...story.querySelectorAll(".m")];
  const details = report.querySelector(".notes details");
  const field = find("field");
  let held = null; // the mark of the sentence that stays when the pointer leaves
  let lit = null;

  panel.hidden = false;
  details.open = false;
  marks.forEach((mark, place) => {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-controls", "panel");
    mark.tabIndex = place === 0 ? 0 : -1;
  });

  const sentenceOf = (mark) => mark.parentElement;
  // By class and not by layout: in a long text, asking for the layout of all would take minutes.
  const kinds = { "only-unnamed": ["unnamed", "vague"], "only-hedged": ["hedged"], "only-unattributed": ["unattributed"] };
  const wanted = () => kinds[report.querySelector(".filters input:checked").id];
  const fits = (mark, kind = wanted()) => !kind || kind.some((name) => sentenceOf(mark).classList.contains(name));
  const visible = () => { const kind = wanted(); return marks.filter((mark) => fits(mark, kind)); };
  const markOf = (node) => {
    const sentence = node.closest && node.closest(".s");
    return sentence && story.contains(sentence) ? sentence.firstElementChild : null;
  };

  function light(mark) {
    if (mark === lit) return;
    if (lit) sentenceOf(lit).classList.remove("on");
    lit = mark;
    if (!mark) {
      find("panel-title").textContent = "Sentence";
      body.replaceChildren(hint);
      return;
    }
    sentenceOf(mark).classList.add("on");
    const note = find("n" + mark.dataset.n);
    find("panel-title").textContent = "Sentence " + mark.dataset.n;
    body.replaceChildren(...[...note.querySelectorAll("p")].map((line) => line.cloneNode(true)));
  }

  function hold(mark) {
    held = mark;
    light(mark);
    panel.classList.toggle("open", Boolean(mark));
    document.body.classList.toggle("panel-open", Boolean(mark));
    if (!mark) return;
    for (const other of marks) other.tabIndex = -1;
    mark.tabIndex = 0;
  }

  function step(by) {
    const shown = visible();
    const at = shown.indexOf(held || lit);
    const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (next) go(next);
  }

  function go(mark) {
    hold(mark);
    mark.focus({ preventScroll: true });
    sentenceOf(mark).scrollIntoView({ block: "nearest" });
  }

  story.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse" && !held) light(markOf(event.target));
  });
  story.addEventListener("pointerleave", () => { if (!held) light(null); });
  story.addEventListener("click", (event) => {
    const mark = markOf(event.target);
    if (event.target.closest(".m")) event.preventDefault();
    if (!mark || String(getSelection())) return;
    hold(mark === held && !event.target.closest(".m") ? null : mark);
    if (held) sentenceOf(held).scrollIntoView({ block: "nearest" });
  });
  story.addEventListener("focusin", (event) => {
    const mark = event.target.closest(".m");
    if (mark && mark.matches(":focus-visible")) hold(mark);
  });
  story.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -1e9, End: 1e9 };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.target.closest(".m")) return;
    if (event.key === " ") { event.preventDefault(); hold(event.target.closest(".m")); }
    if (!(event.key in steps)) return;
    event.preventDefault();
    step(steps[event.key]);
  });
  report.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) hold(null);
  });
  find("before").addEventListener("click", () => step(-1));
  find("after").addEventListener("click", () => step(1));
  find("close").addEventListener("click", () => {
    const mark = held;
    hold(null);
    if (mark) mark.focus({ preventScroll: true });
  });

  report.querySelector(".filters").addEventListener("change", () => {
    const shown = visible().length;
    find("told").textContent = shown === marks.length ? "" :
      shown + " of " + marks.length + (marks.length === 1 ? " sentence" : " sentences") + " shown.";
    if (held && !fits(held)) hold(null);
    const first = visible()[0];
    if (!held && first) {
      for (const mark of marks) mark.tabIndex = -1;
      first.tabIndex = 0;
    }
  });

  // Links to a sentence show it even where a filter hides it.
  report.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#s"]');
    const mark = link && find(link.getAttribute("href").slice(1))?.firstElementChild;
    if (!mark) return;
    if (!fits(mark)) {
      find("only-all").checked = true;
      find("told").textContent = "";
    }
    hold(mark);
  });

  const here = document.createElement("span");
  here.className = "here";
  here.hidden = true;
  field.append(here);
  const count = Number(field.dataset.count); // more than there are marks in a very long text
  const pointed = (event) => {
    const box = field.getBoundingClientRect();
    const place = Math.floor((event.clientX - box.left) / box.width * count);
    return Math.min(Math.max(place, 0), count - 1);
  };
  field.addEventListener("pointermove", (event) => {
    here.hidden = false;
    here.style.left = (pointed(event) + .5) / count * 100 + "%";
  });
  field.addEventListener("pointerleave", () => { here.hidden = true; });
  field.addEventListener("click", (event) => {
    const mark = marks[pointed(event)];
    if (!mark) return;
    find("only-all").checked = true;
    find("told").textContent = "";
    hold(mark);
    sentenceOf(mark).scrollIntoView({ block: "center" });
  });
}

// On paper everything is open, but for the key.
let wereShut = [];
addEventListener("beforeprint", () => {
  wereShut = [...document.querySelectorAll(".report details:not(.key, [open])")];
  for (const details of wereShut) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of wereShut) details.open = false;
});
for (const report of document.querySelectorAll(".report")) openReport(report);
