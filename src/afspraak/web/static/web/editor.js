// The text in an editor that marks every fault beside its line, checked by the server as one types.
// Without this file the same form has a text area, a button and the same list.
(() => {
  "use strict";
  const form = document.querySelector("[data-editor]");
  const area = form?.querySelector("textarea");
  const part = document.getElementById("checked_part");
  const told = document.getElementById("checked_told");
  const words = JSON.parse(document.getElementById("editor_words")?.textContent || "{}");
  const C = window.CodeMirror;
  if (!area || !part || !C) return;

  const keep = () => { area.value = view.state.doc.toString(); };
  const marks = () => {
    const doc = view.state.doc;
    const found = [...part.querySelectorAll("[data-line]")].map((each) => {
      const line = doc.line(Math.min(Math.max(Number(each.dataset.line), 1), doc.lines));
      const indent = line.text.length - line.text.trimStart().length;
      const message = ["[data-fact]", "[data-remedy]"].map((part) => each.querySelector(part).textContent).join(": ");
      return { from: line.from + indent, to: line.to, severity: each.dataset.tone, message };
    });
    view.dispatch(C.setDiagnostics(view.state, found));
  };

  let asking = null;
  let waiting = 0;
  const check = async () => {
    keep();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.editor, { method: "POST", body: new FormData(form), signal: asking.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      part.innerHTML = await answer.text();
      told.replaceChildren(part.querySelector("[data-told]").content);
      marks();
    } catch (fault) {
      if (fault.name !== "AbortError") told.textContent = form.dataset.failed;
    }
  };

  const view = new C.EditorView({
    state: C.EditorState.create({
      doc: area.value,
      extensions: [
        C.EditorView.cspNonce.of(document.querySelector("script[nonce]").nonce),
        C.EditorState.phrases.of(words),
        C.EditorView.contentAttributes.of({ "aria-labelledby": "draft_label", "aria-describedby": "draft_help", tabindex: "0" }),
        C.lineNumbers(), C.lintGutter(), C.history(), C.drawSelection(), C.highlightActiveLine(), C.highlightActiveLineGutter(),
        C.indentUnit.of("  "), C.bracketMatching(), C.yaml(), C.syntaxHighlighting(C.classHighlighter), C.search({ top: false }),
        C.keymap.of([...C.lintKeymap, ...C.searchKeymap, ...C.historyKeymap, ...C.defaultKeymap]),
        C.EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          clearTimeout(waiting);
          waiting = setTimeout(check, 600);
        }),
      ],
    }),
  });
  area.hidden = true;
  area.after(view.dom);
  document.getElementById("draft_label").addEventListener("click", () => view.focus());
  form.querySelectorAll("[data-with-editor]").forEach((each) => each.removeAttribute("hidden"));
  form.addEventListener("submit", keep);
  form.querySelector("[data-recheck]")?.addEventListener("change", check);
  part.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    if (!link) return;
    event.preventDefault();
    const line = view.state.doc.line(Math.min(Number(link.dataset.goto), view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from }, effects: C.EditorView.scrollIntoView(line.from, { y: "center" }) });
    view.focus();
  });
  marks();
})();
