#!/usr/bin/env python3
"""Whole jobs as users run them: wall seconds from command to outputs, by stage, beside a peer's script.

  whole_job.py --input ROWS.npy --k 8192 [--jobs fit-random,fit,assign,drift,reindex,export:npy,...]
               [--runs 3] [--iterations 10] [--engine auto] [--peer "COMMAND"] [--launcher "COMMAND"]
               [--work FOLDER] [--csv FILE]

Every job is a process of its own. In each run the peer and all jobs take turns; the table has the medians,
core-seconds (user and system time of the process) and the largest resident set. Stages are those of
report.json; `rest` is what the process takes beside them. `copy` is cp and sync of the input on the disk of
FOLDER, what an export can be compared with. Jobs other than fits take the folder of fit-random.

COMMAND of --launcher is submit-scripts/flashlloyd where it is left out; on a machine without Maven it is java
with the class path of the cluster jar and Spark's jars, and io.flashlloyd.spark.cli.Main. COMMAND of --peer
gets no arguments added: whole_job_peer.py beside this script is one.
"""
import argparse
import csv
import json
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import time

LAUNCHER = pathlib.Path(__file__).resolve().parent / "../../../submit-scripts/flashlloyd"


def run(name, command, log):
    """Seconds of wall, of cores, and GiB resident; the process must succeed."""
    start = time.time()
    with open(log, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):  # 3: drift found that data has drifted
        sys.exit(f"{name} ended with {process.returncode} (expected 0): see {log}")
    return time.time() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / (1 << 20)


def arguments(job, args, model, output):
    common = ["--engine", args.engine]
    if job.startswith("fit"):
        init = ["--init", "random"] if job == "fit-random" else []
        fit = ["--k", args.k, "--max-iter", args.iterations, "--tol", "0", *init]
        return ["fit", "--input", args.input, *fit, "--output", output, *common]
    if job.startswith("export:"):
        return ["export", "--model", model, "--to", job.split(":")[1], "--output", output, *common]
    named = {"assign": "--model", "drift": "--model", "reindex": "--previous"}
    return [job, named[job], model, "--input", args.input, "--output", output, *common]


def stages(output, wall):
    report = pathlib.Path(output) / "report.json"
    seconds = json.loads(report.read_text()).get("seconds", {}) if report.exists() else {}
    found = {stage: s for stage, s in seconds.items() if stage != "total" and isinstance(s, float)}
    return {**found, "rest": wall - sum(found.values())}


def measure(job, args, work, model):
    """One run: (wall, cores, GiB, seconds by stage)."""
    log = work / f"{job.replace(':', '-')}.log"
    if job == "peer":
        return *run(job, shlex.split(args.peer), log), {}
    if job == "copy":
        target = work / "copy"
        script = 'cp -r "$0" "$1" && sync'
        found = run(job, ["bash", "-c", script, args.input, str(target)], log)
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        return *found, {}
    output = str(model) if job == "fit-random" else str(work / "output")
    shutil.rmtree(output, ignore_errors=True)
    command = shlex.split(args.launcher) + arguments(job, args, str(model), output)
    found = run(job, command, log)
    return *found, stages(output, found[0])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--input", required=True)
    p.add_argument("--k", required=True)
    p.add_argument("--iterations", default="10")
    p.add_argument("--jobs", default="fit-random,fit,assign,drift")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--engine", default="auto")
    p.add_argument("--launcher", default=str(LAUNCHER))
    p.add_argument("--peer")
    p.add_argument("--work", type=pathlib.Path, default=pathlib.Path("whole-job"))
    p.add_argument("--csv", type=pathlib.Path)
    args = p.parse_args()
    jobs = args.jobs.split(",")
    if "fit-random" not in jobs:
        sys.exit("--jobs lacks fit-random (expected it: the other jobs take its folder)")
    args.work.mkdir(parents=True, exist_ok=True)
    order = (["peer"] if args.peer else []) + jobs
    found = {job: [] for job in order}
    for number in range(args.runs):
        for job in order:
            found[job].append(measure(job, args, args.work, args.work / "model"))
            wall, cores, gib, by_stage = found[job][-1]
            told = "  ".join(f"{stage} {seconds:.2f}" for stage, seconds in by_stage.items())
            print(f"run {number + 1}  {job:12s} {wall:7.2f} s  {cores:7.1f} core-s  {gib:5.1f} GiB  {told}", flush=True)
    rows = []
    for job in order:
        names = list(found[job][0][3])
        by_stage = "; ".join(f"{n} {statistics.median(f[3].get(n, 0) for f in found[job]):.2f}" for n in names)
        wall, cores, gib = (statistics.median(f[i] for f in found[job]) for i in range(3))
        rows.append([job, f"{wall:.1f}", f"{cores:.0f}", f"{gib:.1f}", by_stage])
    if args.csv:
        with open(args.csv, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([["job", "wall_s", "core_s", "resident_gib", "stages_s"], *rows])
    print("\n".join("  ".join(row) for row in rows))


if __name__ == "__main__":
    main()
