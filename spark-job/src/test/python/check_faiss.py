"""Opens exported indexes in FAISS: check_faiss.py FOLDER ROWS DIMENSION METRIC

FOLDER holds index.faiss and centroids.faiss, and, as raw little-endian values in the order of the input, vectors.f32,
assignments.i64 and ids.i64. Fails unless both files have the bytes of the indexes that FAISS makes of the same centroids,
assignments and ids, and unless a search of all lists finds what a search without lists finds.
"""
import sys
import faiss
import numpy as np

folder, rows, dimension, metric = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
vectors = np.fromfile(folder + "/vectors.f32", "<f4").reshape(rows, dimension)
assignments = np.fromfile(folder + "/assignments.i64", "<i8")
ids = np.fromfile(folder + "/ids.i64", "<i8")
index = faiss.read_index(folder + "/index.faiss")
centroids = faiss.read_index(folder + "/centroids.faiss")

quantizer = faiss.IndexFlatL2(dimension) if metric == "l2" else faiss.IndexFlatIP(dimension)
values = np.vstack([centroids.reconstruct(i) for i in range(centroids.ntotal)])
quantizer.add(values)
expected = faiss.IndexIVFFlat(quantizer, dimension, len(values), quantizer.metric_type)
expected.is_trained = True
expected.add_core(rows, faiss.swig_ptr(vectors), faiss.swig_ptr(ids), faiss.swig_ptr(assignments))


def same(name, made):
    written = open(folder + "/" + name, "rb").read()
    assert written == faiss.serialize_index(made).tobytes(), name + " has other bytes than FAISS's"
    return len(written)


bytes_compared = same("index.faiss", expected) + same("centroids.faiss", quantizer)

lists = faiss.extract_index_ivf(index).invlists
empty = sum(lists.list_size(i) == 0 for i in range(lists.nlist))
# Lists are searched with differences; many queries at once against an IndexFlat with products, which round otherwise.
faiss.cvar.distance_compute_blas_threshold = 1 << 30
queries = vectors[:: max(1, rows // 200)] + np.float32(0.01)
flat = faiss.IndexFlatL2(dimension) if metric == "l2" else faiss.IndexFlatIP(dimension)
flat.add(vectors)
k = min(10, rows)
truth = ids[flat.search(queries, k)[1]]
faiss.extract_index_ivf(index).nprobe = lists.nlist
found = index.search(queries, k)[1]
recall = np.mean([len(set(a) & set(b)) / k for a, b in zip(truth, found)])
print(f"FAISS {faiss.__version__}: {bytes_compared} bytes equal, {lists.nlist} lists, {empty} empty, recall@{k} {recall}")
assert recall == 1.0, recall
