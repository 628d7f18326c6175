#!/usr/bin/env python3
"""Writes the tables of docs/benchmarks.md anew from the CSV files beside this script.

A table stands between the lines `<!-- table NAME -->` and `<!-- end -->`; each has a function here.
With --check nothing is written, and the exit status is 1 where a table is not what it would be.
"""
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parent / "benchmarks.md"


def read(name):
    with open(HERE / name, newline="") as file:
        return list(csv.DictReader(file))


def markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ratio(peer, ours):
    return f"{float(peer) / float(ours):.2f}" if peer and ours else "–"


def shape(row):
    rows = f"{int(row['rows']):,}"
    return rows if row["batch"] == "1" else f"{row['batch']} x {rows}"


def kernels():
    head = ["N", "K", "d", "type", "screen ms", "TFLOP/s", "assign ms", "peer", "ratio",
            "iteration ms", "peer", "ratio", "wall ms"]
    return markdown(head, [
        [shape(r), r["k"], r["dimension"], r["type"], r["screen_ms"], r["screen_tflops"],
         r["assign_ms"], r["peer_assign_ms"] or "–", ratio(r["peer_assign_ms"], r["assign_ms"]),
         r["iteration_ms"], r["peer_iteration_ms"] or "–",
         ratio(r["peer_iteration_ms"], r["iteration_ms"]), r["wall_ms"]]
        for r in read("kernels-h200.csv")])


def stages():
    head = ["N", "K", "d", "type", "screen", "sort", "decide", "sum", "resolve", "full sums",
            "peer's update", "moved"]
    return markdown(head, [
        [shape(r), r["k"], r["dimension"], r["type"], r["screen_ms"], r["sort_ms"], r["decide_ms"],
         r["sum_ms"], r["resolve_ms"], r["full_sums_ms"], r["peer_full_sums_ms"] or "–",
         r["moved_ms"] or "–"]
        for r in read("kernels-h200.csv")])


def cpu():
    head = ["float32", "peer", "peer s", "ours s", "ratio", "with bounds s", "ratio"]
    return markdown(head, [
        [r["shape"], r["peer"], r["peer_s"], r["ours_every_row_s"],
         ratio(r["peer_s"], r["ours_every_row_s"]), r["ours_with_bounds_s"] or "–",
         ratio(r["peer_s"], r["ours_with_bounds_s"])]
        for r in read("cpu-peers.csv")])


def fits():
    head = ["rows", "K", "iterations", "every row screened, ms", "with bounds, ms", "ratio",
            "allows", "flashlib, ms", "ratio"]
    return markdown(head, [
        [r["rows"], r["k"], r["iterations"], r["every_row_ms"], r["with_bounds_ms"],
         ratio(r["every_row_ms"], r["with_bounds_ms"]), r["allows"] or "–",
         r["flashlib_ms"] or "–", ratio(r["flashlib_ms"], r["with_bounds_ms"])]
        for r in read("gpu-fits.csv")])


def jobs():
    head = ["job", "wall s", "core-seconds", "GiB resident", "seconds by stage"]
    return markdown(head, [
        [r["job"], r["wall_s"], r["core_s"], r["resident_gib"], r["stages_s"]]
        for r in read("whole-jobs-h200.csv")])


TABLES = {"kernels": kernels, "stages": stages, "cpu": cpu, "fits": fits, "jobs": jobs}


def main():
    page = PAGE.read_text()
    new = re.sub(
        r"(<!-- table (\w+) -->\n).*?(<!-- end -->)",
        lambda found: found[1] + TABLES[found[2]]() + "\n" + found[3],
        page,
        flags=re.S)
    if "--check" in sys.argv[1:]:
        sys.exit(new != page)
    PAGE.write_text(new)


if __name__ == "__main__":
    main()
