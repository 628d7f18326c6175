"use strict";
/* What the report says. Text from the run is only ever set as text, never read as HTML. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const report = data.report;
  const page = document.getElementById("page");
  const { count, number, seconds, percent } = Plots.format;
  const rounded = (x) => number(x, 4);
  const many = (n, one) => count(n) + " " + one + (n === 1 ? "" : "s");

  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  /** A chart under its title; `aria` says in words what it shows. */
  function figure(title, text, aria, config, shape) {
    const canvas = element("canvas", { role: "img", "aria-label": title + ". " + aria });
    const node = element("figure", { class: shape ? "wide" : "" },
      element("figcaption", null, element("h3", null, title), element("p", null, text)),
      element("div", { class: "plot " + (shape || "") }, canvas));
    return { node, draw: () => Plots.add(canvas, config) };
  }

  function table(head, rows, numbers) {
    const cell = (tag, text, i) =>
      element(tag, numbers && numbers.includes(i) ? { class: "number" } : null, text);
    return element("table", null,
      head ? element("thead", null, element("tr", null, ...head.map((t, i) => cell("th", t, i)))) : null,
      element("tbody", null, ...rows.map((row) =>
        element("tr", null, ...row.map((t, i) => cell(!head && i === 0 ? "th" : "td", t, i))))));
  }

  function section(title, ...content) {
    page.append(element("section", null, title ? element("h2", null, title) : null, ...content));
  }

  function charts(title, figures) {
    const shown = figures.filter((f) => f !== null);
    if (shown.length === 0) return;
    section(title, element("div", { class: "charts" }, ...shown.map((f) => f.node)));
    shown.forEach((f) => f.draw());
  }

  // ---- head

  const steps = data.iterations;
  const last = steps.number.length - 1;
  const sizes = report.clusterSizes;

  function facts() {
    const list = [
      ["rows", count(report.rows), "of " + count(report.dimension) + " " + report.dtype],
      ["clusters", count(report.kReturned),
        report.kReturned === report.k ? (sizes.empty ? count(sizes.empty) + " empty" : "none empty")
          : "of " + count(report.k) + " asked for"],
      ["training cost", number(report.trainingCost), number(report.trainingCost / report.rows) + " a row"],
      ["time", seconds(report.seconds.total), Object.entries(report.seconds)
        .filter(([name]) => name !== "total")
        .map(([name, s]) => (name + " " + seconds(s)).replaceAll(" ", "\u00a0")).join(", ")],
    ];
    if ("converged" in report) {
      list.splice(2, 0, last < 0 ? ["iterations", "0", "the initial centroids are the result"]
        : ["iterations", count(steps.number[last]),
          report.converged ? "stopped by itself" : "rows were still moving"]);
    }
    if (data.drift) list.unshift(["decision", data.drift.decision, ""]);
    return element("dl", { class: "facts" }, ...list.map(([name, value, more]) =>
      element("div", { class: "fact" }, element("dt", null, name),
        element("dd", null, value, more ? element("small", null, more) : null))));
  }

  document.title = "k-means: " + many(report.rows, "row") + ", " + many(report.kReturned, "cluster");
  page.replaceChildren(element("header", null,
    element("h1", null, report.command + ": " + many(report.rows, "row") + " in "
      + many(report.kReturned, "cluster")),
    element("p", { class: "quiet" }, "Flash-Lloyd " + report.versions.flashlloyd + " on "
      + report.engine.replace(/ \(auto: .*/, "")),
    facts()));

  // ---- what happened

  function costChart() {
    if (last < 0) return null;
    const labels = steps.number.map(String).concat("end");
    const values = steps.cost.concat(report.trainingCost);
    const log = Plots.spans(values, 50);
    return figure("Training cost",
      "Sum of squared distances to the centroids before each iteration's update; at the end, to those returned.",
      number(values[0]) + " in the first iteration, " + number(report.trainingCost) + " at the end.",
      Plots.line(labels, values,
        { x: "Lloyd iteration", y: "cost", name: "cost", hue: "accent", log, unit: number }), "wide");
  }

  function stepChart(title, text, key, y, unit, hue) {
    if (last < 0) return null;
    const values = steps[key];
    return figure(title, text,
      "From " + unit(values[0]) + " to " + unit(values[last]) + ".",
      Plots.line(steps.number.map(String), values,
        { x: "Lloyd iteration", y, name: y, hue, log: Plots.spans(values, 50), unit }));
  }

  const zeros = last >= 0 && steps.moved.some((moved) => moved === 0)
    ? " None moved in the last one." : "";
  charts(last < 0 ? null : "Convergence", [
    costChart(),
    stepChart("Moved rows", "Rows with another centroid than in the iteration before." + zeros,
      "moved", "rows", count, "accent"),
    stepChart("Centroid shift", "The largest distance that a centroid moved, Euclidean.",
      "shift", "shift", rounded, "second"),
  ]);
  if (last >= 0 && steps.note) section(null, element("p", { class: "quiet" }, steps.note));

  // ---- clusters

  function sizeChart() {
    const bins = data.sizes.bins;
    const name = (b) => (b.from === b.to ? many(b.from, "row") : count(b.from) + " to " + count(b.to) + " rows");
    const short = (b) => (b.from < 1e5 ? count(b.from) : Plots.format.short(b.from));
    return figure("Cluster sizes",
      "Median " + many(sizes.median, "row") + ", smallest " + count(sizes.smallest) + ", largest "
        + count(sizes.largest) + "; imbalance " + Number(sizes.imbalance.toPrecision(3)) + " (1 is even)."
        + (data.sizes.logarithmic ? " Bins widen with size." : ""),
      bins.map((b) => name(b) + ": " + count(b.clusters)).slice(0, 40).join("; "),
      Plots.bars(bins.map(short), bins.map((b) => b.clusters), {
        x: "rows in a cluster, from", y: "clusters",
        tip: (i) => [name(bins[i]), many(bins[i].clusters, "cluster")],
      }), "wide");
  }

  function mapChart() {
    const map = data.map;
    if (!map) return null;
    const most = Math.max(...map.rows, 1);
    const radius = Math.min(26, Math.max(5, 260 / Math.sqrt(map.rows.length)));
    const points = map.rows.map((rows, i) =>
      ({ x: map.x[i], y: map.y[i], size: radius * Math.sqrt(rows / most) }));
    const share = (i) => " (" + percent(map.share[i]) + " of their variance)";
    return figure("Map of the centroids",
      "Centroids on their first two principal axes; areas go with rows."
        + (map.rows.length < map.of ? " One in " + count(Math.ceil(map.of / map.rows.length))
          + " of " + count(map.of) + " clusters, by size." : ""),
      many(map.rows.length, "cluster") + "; the two axes hold "
        + percent(map.share[0] + map.share[1]) + " of the variance between centroids.",
      Plots.bubbles(points, {
        x: "first axis" + share(0), y: "second axis" + share(1),
        tip: (i) => ["cluster " + map.cluster[i],
          many(map.rows[i], "row") + ", " + percent(map.rows[i] / report.rows)],
      }), "wide tall");
  }

  charts("Clusters", [mapChart(), sizeChart()]);

  // ---- drift

  function driftCharts() {
    const drift = data.drift;
    const rows = drift.measures.map((m) => [m.name, rounded(m.value), rounded(m.threshold),
      m.threshold === null ? "" : m.value > m.threshold ? "over" : "within"]);
    const card = element("div", { class: "card" },
      table(["measure", "value", "threshold", ""], rows, [1, 2]));
    card.querySelectorAll("td:last-child").forEach((cell) => {
      cell.className = "verdict " + cell.textContent;
    });
    section("Drift", card);
    const points = drift.before.map((b, i) => ({ x: b, y: drift.after[i], size: 4, i }))
      .filter((p) => p.x > 0 && p.y > 0);
    charts(null, [figure("Cluster sizes, before and now",
      "Each cluster's share of the rows; on the diagonal nothing changed. Clusters empty on either side are left out.",
      many(points.length, "cluster") + ".",
      Plots.bubbles(points, {
        x: "share of the reference", y: "share now", log: true, ticks: percent,
        tip: (i) => ["cluster " + drift.cluster[points[i].i],
          percent(points[i].x) + " before, " + percent(points[i].y) + " now"],
      }), "wide tall")]);
  }

  if (data.drift) driftCharts();

  // ---- time

  function workChart() {
    const work = data.work;
    if (work.labels.length === 0) return null;
    const total = Object.entries(work.stages)
      .map(([name, s]) => [name, s.reduce((a, b) => a + (b || 0), 0)]);
    return figure("Time by stage",
      "Work added over threads, devices and executors, so that a bar may be taller than the wall time. " + work.note,
      total.map(([name, s]) => name + " " + seconds(s)).join(", "),
      Plots.stacked(work.labels, work.stages, work.wall,
        { x: "pass: read, Lloyd iterations, assign", y: "seconds", titles: work.titles }), "wide");
  }

  charts("Time", [workChart()]);

  // ---- tables

  function stepTable() {
    const rows = steps.number.map((n, i) => [count(n), number(steps.cost[i]), count(steps.moved[i]),
      count(steps.unscreened[i]), rounded(steps.shift[i]), count(steps.empty[i]), seconds(steps.seconds[i])]);
    return element("details", null, element("summary", null, "All numbers of the iterations"),
      element("div", { class: "card" },
        table(["iteration", "cost", "moved rows", "unscreened rows", "shift", "empty clusters", "wall time"],
          rows, [0, 1, 2, 3, 4, 5, 6])));
  }

  if (last >= 0) page.append(stepTable());

  const text = (value) => (value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));
  const half = (title, content) => element("section", null, element("h2", null, title), content);
  page.append(element("div", { class: "pairs" },
    half("Parameters", element("div", { class: "card" },
      table(null, Object.entries(report.parameters).map(([name, value]) => [name, text(value)])))),
    half("Versions", element("div", { class: "card" },
      table(null, [...Object.entries(report.versions), ["engine", report.engine]])))));
  const more = data.inputs - report.inputs.length;
  section("Inputs", element("div", { class: "card" },
    table(null, report.inputs.map((input, i) => [String(i + 1), input])
      .concat(more > 0 ? [["", "and " + count(more) + " more: see report.json"]] : []))));
  page.append(element("footer", null,
    "The same numbers, and all of them, are in report.json beside this page. Charts by Chart.js (MIT licence)."));
})();
