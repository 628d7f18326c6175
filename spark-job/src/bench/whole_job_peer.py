#!/usr/bin/env python3
"""What one would write instead of `flashlloyd fit`: load a file, fit, save labels and centroids.

  whole_job_peer.py flash-kmeans|faiss ROWS.npy K ITERATIONS PREFIX
  whole_job_peer.py make ROWS.npy ROWS DIMENSION TYPE BLOBS          (rows to run both on, as 40000000 128 float16 4000)

flash-kmeans (on PYTHONPATH) needs torch, triton and a GPU. faiss trains on every row; it needs python3-faiss and a
fast BLAS (libopenblas0): with the plain one it is many times slower.
Prints seconds by stage in one line of JSON.
"""
import json
import sys
import time

START = time.time()


def flash_kmeans(path, k, iterations, prefix, mark):
    import numpy as np
    import torch
    from flash_kmeans import FlashKMeans
    mark("start")
    rows = torch.from_numpy(np.load(path))
    mark("read")
    model = FlashKMeans(d=rows.shape[1], k=k, niter=iterations, tol=0.0, dtype=rows.dtype, device=torch.device("cuda:0"))
    model.train(rows.cuda())
    torch.cuda.synchronize()
    mark("fit")
    np.save(prefix + "-labels.npy", model.cluster_ids_b[0].cpu().numpy())
    np.save(prefix + "-centroids.npy", model.centroids_b[0].float().cpu().numpy())
    mark("write")


def faiss(path, k, iterations, prefix, mark):
    import faiss
    import numpy as np
    mark("start")
    rows = np.ascontiguousarray(np.load(path), np.float32)
    mark("read")
    model = faiss.Kmeans(rows.shape[1], k, niter=iterations, seed=1, max_points_per_centroid=1 << 30)
    model.train(rows)
    mark("fit")
    distances, labels = model.index.search(rows, 1)
    mark("assign")
    np.save(prefix + "-labels.npy", labels[:, 0].astype(np.int32))
    np.save(prefix + "-distances.npy", distances[:, 0])
    np.save(prefix + "-centroids.npy", model.centroids)
    mark("write")


def make(path, rows, dimension, dtype, blobs):
    """Centers are Gaussian; rows have a standard deviation of 0.7 about them."""
    import numpy as np
    random = np.random.default_rng(1)
    centers = random.standard_normal((blobs, dimension), dtype=np.float32)
    out = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(rows, dimension))
    for first in range(0, rows, 1 << 18):
        count = min(1 << 18, rows - first)
        noise = random.standard_normal((count, dimension), dtype=np.float32)
        out[first:first + count] = centers[random.integers(blobs, size=count)] + np.float32(0.7) * noise


def main():
    if len(sys.argv) == 7 and sys.argv[1] == "make":
        path, rows, dimension, dtype, blobs = sys.argv[2:]
        make(path, int(rows), int(dimension), dtype, int(blobs))
        return
    if len(sys.argv) != 6 or sys.argv[1] not in ("flash-kmeans", "faiss"):
        sys.exit(__doc__)
    peer, path, k, iterations, prefix = sys.argv[1:]
    seconds, last = {}, [START]

    def mark(stage):
        seconds[stage] = round(time.time() - last[0], 2)
        last[0] = time.time()

    {"flash-kmeans": flash_kmeans, "faiss": faiss}[peer](path, int(k), int(iterations), prefix, mark)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
