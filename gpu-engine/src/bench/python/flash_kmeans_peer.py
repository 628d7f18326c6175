#!/usr/bin/env python3
"""Times flash-kmeans (github.com/svg-project/flash-kmeans) at the shapes of `flashlloyd bench`.

  PYTHONPATH=<its checkout> flash_kmeans_peer.py [--json FILE]

Needs torch, triton and a CUDA GPU. One JSON object a shape: medians of device times by events, after a warm-up.
Rows are Gaussian noise, centroids are rows; an iteration is one of ten that the package runs by itself.
"""
import argparse
import gc
import json
import statistics

import torch
from flash_kmeans.assign_euclid_triton import euclid_assign_triton
from flash_kmeans.centroid_update_triton import triton_centroid_update_sorted_euclid
from flash_kmeans.kmeans_triton_impl import batch_kmeans_Euclid

M = 1 << 20
# rows, clusters, dimension, type, independent problems
SHAPES = [
    (M, 8192, 128, "float16", 1), (M, 8192, 128, "float32", 1), (8 * M, 1024, 128, "float16", 1),
    (32 * M, 4096, 128, "float16", 1), (4 * M, 32768, 128, "float16", 1), (M, 8192, 768, "float16", 1),
    (M, 8192, 256, "float16", 1), (M, 8192, 64, "float16", 1), (M, 65536, 96, "float16", 1),
    (M, 1024, 100, "float32", 1), (M, 256, 128, "float16", 1), (65536, 1024, 128, "float16", 32),
    (75600, 1000, 128, "float16", 32),
]
ITERATIONS = 10
PIECE = M  # rows that are drawn or squared at a time


def milliseconds(work, runs=5, warm=2):
    for _ in range(warm):
        work()
    times = []
    for _ in range(runs):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        work()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    return round(statistics.median(times), 3)


def measure(n, k, d, dtype, problems):
    torch.manual_seed(1)
    x = torch.empty(problems, n, d, device="cuda", dtype=getattr(torch, dtype))
    norms = torch.empty(problems, n, device="cuda", dtype=x.dtype)
    for first in range(0, n, PIECE):
        piece = x[:, first:first + PIECE]
        piece.copy_(torch.randn(piece.shape, device="cuda"))
        norms[:, first:first + PIECE] = piece.square().sum(-1)
    centroids = x[:, torch.randperm(n, device="cuda")[:k]].contiguous()
    assigned = euclid_assign_triton(x, centroids, norms)
    assign = milliseconds(lambda: euclid_assign_triton(x, centroids, norms, assigned))
    update = milliseconds(lambda: triton_centroid_update_sorted_euclid(x, assigned, centroids))
    whole = milliseconds(
        lambda: batch_kmeans_Euclid(x, k, max_iters=ITERATIONS, tol=-1.0, init_centroids=centroids), runs=3, warm=1)
    return {"N": n, "K": k, "d": d, "problems": problems, "dtype": dtype, "assign_ms": assign, "update_ms": update,
            "iteration_ms": round(whole / ITERATIONS, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", help="where the lines go, too")
    options = parser.parse_args()
    lines = []
    for shape in SHAPES:
        lines.append(json.dumps(measure(*shape)))
        print(lines[-1], flush=True)
        gc.collect()
        torch.cuda.empty_cache()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
