"use strict";
/* How numbers are written and charts drawn, in the colours of the viewer's theme. */
const Plots = (() => {
  const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

  const format = {
    /** A count, in full. */
    count: (n) => integer.format(n),
    /** The digits that matter: six where nothing else is said. */
    number: (x, digits = 6) => {
      if (x === null || x === undefined) return "–";
      const size = Math.abs(x);
      if (size !== 0 && (size >= 1e9 || size < 1e-4))
        return Number(x.toPrecision(digits)).toExponential().replace("e+", "e");
      return new Intl.NumberFormat("en", { maximumSignificantDigits: digits }).format(x);
    },
    /** For axes: 1.5K, 2M, 1e-7. */
    short: (x) => {
      const size = Math.abs(x);
      if (size !== 0 && (size >= 1e15 || size < 1e-3)) return x.toExponential(0).replace("e+", "e");
      return size >= 1000 ? compact.format(x) : String(Number(x.toPrecision(4)));
    },
    /** A duration. */
    seconds: (s) => {
      if (s >= 60) {
        const whole = Math.round(s);
        const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
        return (parts[0] ? parts[0] + " h " : "") + parts[1] + " min " + parts[2] + " s";
      }
      return s >= 0.1 ? Number(s.toPrecision(3)) + " s" : Number((1000 * s).toPrecision(3)) + " ms";
    },
    percent: (share) => {
      const p = 100 * share;
      return (p !== 0 && p < 0.001 ? Number(p.toPrecision(2)).toExponential() : Number(p.toPrecision(3))) + " %";
    },
  };

  /* Okabe and Ito's colours, which people who see colours differently can tell apart. */
  const STAGES = {
    "read": "#8c6bb1", "decode": "#cc79a7", "read and decode": "#8c6bb1", "copy": "#7f8c99",
    "bounds": "#56b4e9", "screen": "#0072b2", "sort": "#f0c419", "refine": "#e69f00", "refine and sum": "#e69f00",
    "sum": "#009e73", "reduce": "#d55e00",
  };

  const color = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const faint = (hex, alpha) => hex + Math.round(255 * alpha).toString(16).padStart(2, "0");

  const drawn = [];

  /** Draws now, and again where the theme changes. */
  function add(canvas, config) {
    const plot = { canvas, config, chart: null };
    drawn.push(plot);
    draw(plot);
  }

  function draw(plot) {
    if (plot.chart) plot.chart.destroy();
    Chart.defaults.color = color("quiet");
    Chart.defaults.borderColor = color("grid");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12.5;
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    Object.assign(Chart.defaults.plugins.tooltip, {
      backgroundColor: color("text"), titleColor: color("card"), bodyColor: color("card"),
      footerColor: color("card"), padding: 10, cornerRadius: 6, boxPadding: 4,
    });
    plot.chart = new Chart(plot.canvas, plot.config());
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(draw));
  addEventListener("beforeprint", () => drawn.forEach((plot) => plot.chart.resize()));

  function axis(title, ticks, more, precision) {
    return {
      title: { display: true, text: title, color: color("quiet") },
      grid: { color: color("grid") }, border: { color: color("line") },
      ticks: { callback: ticks, maxRotation: 0, autoSkipPadding: 14, precision },
      ...more,
    };
  }

  /** Categories along the bottom: no grid, labels thinned out where they are many. */
  function categories(title, more) {
    return {
      title: { display: true, text: title, color: color("quiet") },
      grid: { display: false }, border: { color: color("line") },
      ticks: { maxRotation: 0, autoSkipPadding: 12 }, ...more,
    };
  }

  /** Whether values span so much that small ones would lie on a linear axis's floor. */
  function spans(values, factor) {
    const positive = values.filter((v) => v > 0);
    return positive.length > 1 && Math.max(...positive) > factor * Math.min(...positive);
  }

  /** A logarithmic axis labels its decades, and 2 and 5 where there are few. */
  const logTicks = (write) => (value, index, ticks) => {
    const digits = Number(value.toExponential(6).split("e")[0]); // 1.1 is no decade
    const decades = Math.log10(ticks[ticks.length - 1].value / ticks[0].value);
    return digits === 1 || (decades < 3 && (digits === 2 || digits === 5)) ? write(value) : "";
  };

  /** One value for each of the labels. */
  function line(labels, values, { x, y, name, hue, log, unit }) {
    return () => ({
      type: "line",
      data: {
        labels,
        datasets: [{
          label: name,
          data: log ? values.map((v) => (v > 0 ? v : null)) : values,
          borderColor: color(hue), backgroundColor: faint(color(hue), 0.12), fill: !log,
          borderWidth: 2, tension: 0, pointRadius: labels.length > 60 ? 0 : 3, pointHitRadius: 8,
          pointBackgroundColor: color(hue), clip: 4,
        }],
      },
      options: {
        interaction: { mode: "index", intersect: false },
        scales: {
          x: categories(x),
          y: log ? axis(y + " (log)", logTicks(format.short), { type: "logarithmic" }) : axis(y, format.short, { grace: "5%" }),
        },
        plugins: {
          legend: { display: false },
          tooltip: { displayColors: false, callbacks: {
            title: (items) => (/^\d/.test(items[0].label) ? "iteration " : "") + items[0].label,
            label: (item) => name + " " + unit(item.raw),
          } },
        },
      },
    });
  }

  /** A bar for each label. */
  function bars(labels, values, { x, y, tip }) {
    return () => ({
      type: "bar",
      data: { labels, datasets: [{
        data: values, backgroundColor: faint(color("accent"), 0.75), hoverBackgroundColor: color("accent"),
        categoryPercentage: 0.96, barPercentage: 1, borderRadius: 2, minBarLength: 1,
      }] },
      options: {
        interaction: { mode: "index", intersect: false },
        scales: { x: categories(x), y: axis(y, format.short, { beginAtZero: true }, 0) },
        plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: {
          title: (items) => tip(items[0].dataIndex)[0], label: (item) => tip(item.dataIndex)[1],
        } } },
      },
    });
  }

  /** Stages stacked for each label, the wall time as a mark across them. */
  function stacked(labels, stages, wall, { x, y, titles }) {
    return () => ({
      data: {
        labels,
        datasets: [
          { type: "line", label: "wall time", data: wall, showLine: false, pointStyle: "line",
            borderColor: color("text"), borderWidth: 2, pointRadius: labels.length > 60 ? 3 : 8,
            pointHoverRadius: 9, backgroundColor: color("text"), stack: "wall" },
          ...Object.entries(stages).map(([name, seconds]) => ({
            type: "bar", label: name, data: seconds, stack: "work",
            backgroundColor: STAGES[name] || color("quiet"),
            categoryPercentage: 0.9, barPercentage: 0.96, pointStyle: "rect",
          })),
        ],
      },
      options: {
        interaction: { mode: "index", intersect: false },
        scales: {
          x: categories(x, { stacked: true }),
          y: axis(y, format.short, { stacked: true, beginAtZero: true }),
        },
        plugins: {
          legend: { position: "bottom", labels: { usePointStyle: true, boxHeight: 8, padding: 14 } },
          tooltip: {
            usePointStyle: true,
            filter: (item) => item.raw !== null && item.raw !== undefined,
            callbacks: {
              title: (items) => titles[items[0].dataIndex],
              label: (item) => " " + item.dataset.label + "  " + format.seconds(item.raw),
            },
          },
        },
      },
    });
  }

  /** Points of their own size. */
  function bubbles(points, { x, y, tip, log, ticks }) {
    const scale = (title) => log
      ? axis(title, logTicks(ticks), { type: "logarithmic" }) : axis(title, format.short, { grace: "4%" });
    const radius = ({ chart, raw }) => Math.max(1.5, raw.size * Math.min(1, chart.width / 800));
    return () => ({
      type: "bubble",
      data: { datasets: [{
        data: points, clip: false, radius, borderWidth: 1, hoverRadius: 0, hoverBorderWidth: 2,
        backgroundColor: faint(color("accent"), points.length > 500 ? 0.3 : 0.4),
        borderColor: faint(color("accent"), 0.85),
      }] },
      options: {
        layout: { padding: 8 },
        scales: { x: scale(x), y: scale(y) },
        plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: {
          title: (items) => items.slice(0, 6).map((item) => tip(item.dataIndex)[0]).join("\n"),
          label: (item) => (item.dataIndex < 0 ? "" : tip(item.dataIndex)[1]),
        } } },
      },
    });
  }

  return { add, format, spans, line, bars, stacked, bubbles };
})();
