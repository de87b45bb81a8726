// Sends the text to the report beside this page and shows what comes back. The text goes nowhere else.
{
  const find = (id) => document.getElementById(id);
  const field = find("try-text");
  const status = find("try-status");
  const result = find("try-result");
  const save = find("try-save");
  const most = Number(field.dataset.max);
  // The page may lie under a path, https://host/hedgecheck/, and be asked for without the last slash.
  const here = new URL(location.href);
  here.pathname = here.pathname.replace(/\/?$/, "/");
  const beside = (name) => new URL(name, here).href;
  let asking = null; // what ends the request that is under way
  let timer = 0;
  let page = ""; // the report as a file of its own

  function say(words, wrong) {
    status.textContent = words;
    status.classList.toggle("wrong", Boolean(wrong));
  }

  function empty() {
    result.replaceChildren();
    page = "";
    save.disabled = true;
  }

  async function score() {
    clearTimeout(timer);
    if (asking) asking.abort();
    const text = field.value;
    if (!text.trim()) { empty(); say(""); return; }
    const body = JSON.stringify({ text });
    if (new Blob([body]).size > most) {
      say("This text is too long: at most " + most.toLocaleString("en") + " bytes. Paste a single article.", true);
      return;
    }
    asking = new AbortController();
    const mine = asking;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(beside("report"), {
        method: "POST", headers: { "Content-Type": "application/json" }, body, signal: mine.signal,
      });
      if (!answer.ok) {
        const told = await answer.json().catch(() => null);
        say(told ? told.error.message : "The service answered with status " + answer.status + ".", true);
        return;
      }
      const html = await answer.text();
      if (mine !== asking) return;
      show(html);
    } catch (error) {
      if (error.name !== "AbortError") say("The service cannot be reached. Is it still running?", true);
    } finally {
      if (mine === asking) result.removeAttribute("aria-busy");
    }
  }

  function show(html) {
    // The main part alone: the page has the style and the script of a report already.
    const part = html.slice(html.indexOf("<main"), html.lastIndexOf("</main>") + 7);
    const main = new DOMParser().parseFromString(part, "text/html").querySelector("main");
    const report = document.createElement("div");
    report.className = "report";
    report.id = "report";
    report.append(...main.childNodes);
    result.replaceChildren(report);
    openReport(report);
    page = html;
    save.disabled = false;
    say("Scored: the report is below.");
  }

  async function open(file) {
    if (!file) return;
    if (file.size > most) {
      say(file.name + " is too long: at most " + most.toLocaleString("en") + " bytes.", true);
      return;
    }
    try {
      field.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      say(file.name + " is not UTF-8 text. Save it as UTF-8 text first.", true);
      return;
    }
    score();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(score, 400);
  });
  find("try-form").addEventListener("submit", (event) => { event.preventDefault(); score(); });
  find("try-file").addEventListener("change", (event) => {
    open(event.target.files[0]);
    event.target.value = "";
  });
  find("try-example").addEventListener("click", () => {
    field.value = find("try-sample").content.textContent;
    score();
  });
  find("try-clear").addEventListener("click", () => { field.value = ""; score(); field.focus(); });
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    link.download = "report.html";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  find("try-api").href = beside("openapi.json");
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragged");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragged");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dragged");
    open(event.dataTransfer.files[0]);
  });
}
