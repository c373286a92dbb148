"use strict";
(() => {
  const here = document.getElementById("here");
  if (here) here.scrollIntoView({ block: "center" });

  // one letter answers; not while somebody types, nor together with another key
  document.addEventListener("keydown", (event) => {
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

  const drop = document.querySelector(".drop");
  if (drop) {
    const files = drop.querySelector("input[type=file]");
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault(); drop.classList.remove("over"); files.files = event.dataTransfer.files;
    });
  }

  // while the story is behind the journal, ask until it follows, then offer the new state
  const state = document.getElementById("state"), body = document.body;
  const behind = () => body.dataset.building === "yes" || Number(body.dataset.written) > Number(body.dataset.obeyed);
  const ask = async () => {
    const answer = await fetch("/api/status").then((r) => r.json()).catch(() => null);
    if (answer && !answer.building && answer.obeyed >= answer.written) {
      state.textContent = answer.error || "Up to date. ";
      const again = document.createElement("a");
      again.href = ""; again.textContent = "Load this page again"; again.id = "again";
      state.append(again);
    } else setTimeout(ask, 700);
  };
  if (behind()) ask();
})();
