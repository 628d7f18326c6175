"""FAISS and scikit-learn as peers of the CPU benchmark.

    peers.py faiss|scikit-learn FILE.npy K THREADS REPEATS

Prints `peer NAME SECONDS ...`: seconds of one steady Lloyd iteration over all rows, one for each
repeat. Both start from the first K rows; two runs of different length are differenced, which
removes set-up.
"""
import os
import sys
import time

FEW, MANY = 2, 5


def main():
    name, path = sys.argv[1:3]
    k, threads, repeats = map(int, sys.argv[3:6])
    run = {"faiss": faiss_run, "scikit-learn": sklearn_run}[name]
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    import numpy

    rows = numpy.load(path)
    first = rows[:k].copy()
    run(rows, first, 1, threads)
    seconds = []
    for _ in range(repeats):
        few = run(rows, first, FEW, threads)
        many = run(rows, first, MANY, threads)
        seconds.append((many - few) / (MANY - FEW))
    print("peer", name, *("%.4f" % s for s in seconds), flush=True)


def faiss_run(rows, first, iterations, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    k, dimension = first.shape
    clustering = faiss.Clustering(dimension, k)
    clustering.niter = iterations
    # Without these it trains on a sample of 256 rows a centroid.
    clustering.min_points_per_centroid = 1
    clustering.max_points_per_centroid = len(rows)
    faiss.copy_array_to_vector(first.ravel(), clustering.centroids)
    index = faiss.IndexFlatL2(dimension)
    start = time.perf_counter()
    clustering.train(rows, index)
    return time.perf_counter() - start


def sklearn_run(rows, first, iterations, threads):
    import warnings

    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    model = KMeans(
        n_clusters=len(first),
        init=first,
        n_init=1,
        max_iter=iterations,
        tol=0,
        algorithm="lloyd",
    )
    with warnings.catch_warnings(), threadpool_limits(threads):
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        model.fit(rows)
        return time.perf_counter() - start


main()
