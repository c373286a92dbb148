// Zoom and filter of the timeline: the places (u from 0 to 1) are the page's; here they are only put on
// the part that is looked at, and the labels into lanes, by the same rule as the drawing without a script.
const timelineSvg = document.querySelector("svg.timeline");
if (timelineSvg) {
  const LANE = 20, TOP = 30, DOT = 16, GAP = 64, LANES = 15, RUG = 12;
  const dots = [...timelineSvg.querySelectorAll(".dot")].map((node) => {
    const [u0, u1] = node.dataset.u.split(" ").map(Number);
    const text = node.querySelector("text");
    return { node, u0, u1, text, line: node.querySelector(".span"), label: DOT + text.getComputedTextLength(),
      weight: Number(node.dataset.i), actors: node.dataset.a.split(" ") };
  });
  const ranked = [...dots].sort((a, b) => b.weight - a.weight || a.u0 - b.u0);
  const ticks = [...timelineSvg.querySelectorAll(".tick")].map((node) => ({ node, u: Number(node.dataset.u) }));
  const items = [...document.querySelectorAll(".events > li")];
  const byActor = document.getElementById("by-actor");
  const frame = timelineSvg.parentElement;
  let low = 0, high = 1;

  const wanted = (actors) => !byActor.value || actors.includes(byActor.value);

  function draw() {
    const width = Math.max(640, frame.clientWidth - 4);
    const place = (u) => ((u - low) / (high - low)) * width;
    const lanes = [], rows = [], bare = [];
    const fit = (list, box, limit) => {
      let lane = list.findIndex((taken) => taken.every(([start, end]) => box[1] <= start || box[0] >= end));
      if (lane < 0) lane = list.length < limit ? list.push([]) - 1 : -1;
      if (lane >= 0) list[lane].push(box);
      return lane;
    };
    const put = (dot, y, isBare) => {
      dot.node.classList.toggle("bare", isBare);
      dot.node.setAttribute("transform", `translate(${dot.x.toFixed(1)} ${y})`);
    };
    for (const dot of ranked) {
      const shown = wanted(dot.actors) && dot.u1 >= low && dot.u0 <= high;
      dot.node.setAttribute("display", shown ? "inline" : "none");
      if (!shown) continue;
      dot.x = Math.max(6, place(dot.u0));
      const end = Math.min(width - 4, place(dot.u1));
      const left = dot.x + dot.label > width;
      dot.line.setAttribute("x2", Math.max(0, end - dot.x).toFixed(1));
      dot.text.setAttribute("x", left ? -9 : 9);
      dot.text.setAttribute("class", left ? "end" : "");
      const box = [left ? dot.x - dot.label : dot.x - 6, Math.max(dot.x + (left ? 6 : dot.label), end) + 10];
      const lane = fit(lanes, box, LANES);
      if (lane < 0) bare.push(dot); else put(dot, TOP + (lane + 0.5) * LANE, false);
    }
    const top = TOP + Math.max(2, lanes.length) * LANE + 8;
    bare.sort((a, b) => a.x - b.x);
    for (const dot of bare) put(dot, top + (fit(rows, [dot.x, dot.x + RUG], bare.length) + 0.5) * RUG, true);
    const height = top + rows.length * RUG + 6;
    timelineSvg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    timelineSvg.setAttribute("width", width);
    timelineSvg.setAttribute("height", height);
    const taken = [];
    for (const tick of ticks) {
      const x = place(tick.u);
      const free = x > -1 && x < width - 30 && taken.every((other) => Math.abs(other - x) >= GAP);
      tick.node.setAttribute("visibility", free ? "visible" : "hidden");
      if (free) taken.push(x);
      tick.node.setAttribute("transform", `translate(${Math.max(16, x).toFixed(1)} 0)`);
      tick.node.querySelector("line").setAttribute("y2", height);
    }
  }

  function filter() {
    let count = 0;
    for (const item of items) {
      item.hidden = !wanted(item.dataset.a.split(" "));
      count += item.hidden ? 0 : 1;
    }
    const note = document.getElementById("events-count");
    note.textContent = count < items.length ? `${count} of ${items.length} shown` : "";
    draw();
  }

  function look(middle, span) {
    span = Math.min(1, Math.max(0.02, span));
    low = Math.min(1 - span, Math.max(0, middle - span / 2));
    high = low + span;
    draw();
  }

  const middle = () => (low + high) / 2;
  const on = (id, act) => document.getElementById(id).addEventListener("click", act);
  on("zoom-in", () => look(middle(), (high - low) / 1.6));
  on("zoom-out", () => look(middle(), (high - low) * 1.6));
  on("pan-left", () => look(middle() - (high - low) * 0.4, high - low));
  on("pan-right", () => look(middle() + (high - low) * 0.4, high - low));
  on("zoom-all", () => look(0.5, 1));
  byActor.addEventListener("change", filter);
  let timer;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(draw, 120); });
  timelineSvg.addEventListener("wheel", (e) => {
    if (!e.ctrlKey) return; // plain wheels scroll the page
    e.preventDefault();
    const box = timelineSvg.getBoundingClientRect();
    const u = low + ((e.clientX - box.left) / box.width) * (high - low);
    const span = Math.min(1, Math.max(0.02, (high - low) * (e.deltaY > 0 ? 1.25 : 0.8)));
    look(u + (0.5 - (e.clientX - box.left) / box.width) * span, span);
  }, { passive: false });
  draw();
}
