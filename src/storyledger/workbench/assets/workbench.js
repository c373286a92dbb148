"use strict";
(() => {
  const here = document.getElementById("here");
  if (here) here.scrollIntoView({ block: "center" });

  // one letter answers; not while somebody types, nor together with another key, nor where it is switched off (/keys)
  if (document.body.dataset.keys !== "off") document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "/") { event.preventDefault(); document.getElementById("q").focus(); return; }
    const button = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });

  // who judges is remembered in this browser
  for (const field of document.querySelectorAll("input.by")) {
    field.value = localStorage.getItem("storyledger-by") || "";
    field.addEventListener("change", () => localStorage.setItem("storyledger-by", field.value));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, by = localStorage.getItem("storyledger-by");
    if (form.method !== "post" || !by || form.querySelector("[name=by]")) return;
    const field = document.createElement("input");
    field.type = "hidden"; field.name = "by"; field.value = by;
    form.append(field);
  });

  const drop = document.querySelector(".drop");
  if (drop) {
    const told = document.getElementById("dropped");
    let dropped = [];
    const walk = async (entry, name) => {
      if (entry.isFile) {
        dropped.push([await new Promise((done, fail) => entry.file(done, fail)), name]);
        return;
      }
      const reader = entry.createReader();
      for (;;) {  // a reader gives a folder's entries a hundred at a time
        const some = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!some.length) return;
        for (const inner of some) await walk(inner, name + "/" + inner.name);
      }
    };
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault(); drop.classList.remove("over");
      const plain = [...event.dataTransfer.files].map((file) => [file, file.name]);
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
      const look = async () => {
        if (!entries.length || !entries.every(Boolean)) { dropped.push(...plain); return; }
        for (const entry of entries) await walk(entry, entry.name);
      };
      look().catch((error) => { told.textContent = `Not all could be read: ${error.message}. `; }).finally(() => {
        told.textContent = `${dropped.length} files are here; “Add” takes them in.`;
      });
    });
    drop.addEventListener("submit", (event) => {
      if (!dropped.length) return;  // what was chosen goes as any form does
      event.preventDefault();
      const form = new FormData(drop);
      for (const [file, name] of dropped) form.append("files", file, name);
      told.textContent = `Sending ${dropped.length} files…`;
      fetch(drop.action, { method: "POST", body: form }).then(async (answer) => {
        if (answer.ok) location.assign("/add");
        else told.textContent = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main").textContent;
      }).catch((error) => { told.textContent = `They could not be sent: ${error.message}`; });
    });
  }

  // while the story is behind the journal, ask until it follows, then offer the new state
  const state = document.getElementById("state"), doing = document.getElementById("doing"), body = document.body;
  const behind = () => body.dataset.building === "yes" || Number(body.dataset.written) > Number(body.dataset.obeyed);
  const ask = async () => {
    const answer = await fetch("/api/status").then((r) => r.json()).catch(() => null);
    if (answer && !answer.building && answer.obeyed >= answer.written) {
      doing.textContent = "";
      state.textContent = answer.error ? answer.error + " " : "Up to date. ";
      const again = document.createElement("a");
      again.href = ""; again.textContent = "Load this page again"; again.id = "again";
      state.append(again);
    } else {
      if (answer) doing.textContent = answer.doing;  // no status: it would be read out for each page
      setTimeout(ask, 700);
    }
  };
  if (behind()) ask();
})();
