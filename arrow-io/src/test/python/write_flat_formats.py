"""Writes the .npz, .gz and HDF5 files of src/test/resources/formats with NumPy and h5py.

Values are those of src/test/js/write_formats.mjs. Run from this module's folder:
python3 src/test/python/write_flat_formats.py (needs numpy, h5py, and a JDK's jar on the PATH).
"""

import gzip
import pathlib
import struct
import subprocess
import tempfile

import h5py
import numpy as np

ROWS, DIMENSION = 60, 6
OUT = pathlib.Path("src/test/resources/formats")

i, t = np.meshgrid(np.arange(ROWS), np.arange(DIMENSION), indexing="ij")
integers = (31 * i + 7 * t) % 64 - 32
f32 = (integers / 8).astype(np.float32)
f16 = f32.astype(np.float16)
i8 = integers.astype(np.int8)
u8 = (integers + 32).astype(np.uint8)
bfloat16 = np.ascontiguousarray(f32.view(np.uint16).reshape(ROWS, DIMENSION, 2)[:, :, 1])

# ---- .npz: by NumPy, stored and deflated, and by Java's jar, which writes sizes behind the data
np.savez(OUT / "numpy.npz", f32)
np.savez_compressed(OUT / "numpy-deflated.npz", emb=f16)
np.savez(OUT / "numpy-two.npz", a=f32, b=u8)
with tempfile.TemporaryDirectory() as folder:
    np.save(folder + "/u8.npy", u8)
    for name, flags in [("jar.npz", "cM0f"), ("jar-deflated.npz", "cMf")]:
        subprocess.run(["jar", flags, (OUT / name).resolve(), "-C", folder, "u8.npy"], check=True)

# As ml_dtypes saves bfloat16: NumPy knows no name for it.
np.save(OUT / "bfloat16.npy", bfloat16.view("V2"))


# ---- gzip: one member, and two as `cat a.gz b.gz` makes
def vecs(values):
    prefix = struct.pack("<i", values.shape[1])
    return b"".join(prefix + row.tobytes() for row in values)


def packed(data):
    return gzip.compress(data, mtime=0)


(OUT / "one.fvecs.gz").write_bytes(packed(vecs(f32)))
(OUT / "two.bvecs.gz").write_bytes(packed(vecs(u8)[:217]) + packed(vecs(u8)[217:]))
(OUT / "array.fbin.gz").write_bytes(packed(struct.pack("<II", ROWS, DIMENSION) + f32.tobytes()))
# What some writers make of .fbin: rows and dimension in 64 bits each.
(OUT / "wide-header.fbin").write_bytes(struct.pack("<QQ", ROWS, DIMENSION) + f32.tobytes())

# ---- HDF5: as ann-benchmarks lays it out, and every way that h5py stores a matrix
distances = np.sqrt(((f32[:10, None] - f32[None]) ** 2).sum(2))
neighbors = np.argsort(distances, axis=1, kind="stable")[:, :5]
with h5py.File(OUT / "ann-benchmarks.hdf5", "w") as file:
    file.attrs["type"] = "dense"
    file.attrs["distance"] = "euclidean"
    file.attrs["dimension"] = DIMENSION
    file.attrs["point_type"] = "float"
    file["train"] = f32
    file["test"] = f32[:10]
    file["neighbors"] = neighbors.astype(np.int32)
    file["distances"] = np.take_along_axis(distances, neighbors, 1).astype(np.float32)
with h5py.File(OUT / "h5py.h5", "w", userblock_size=512) as file:
    file.create_dataset("gzip", data=f32, chunks=(7, 4), compression="gzip", shuffle=True)
    file.create_dataset("lzf", data=f16, chunks=(16, 6), compression="lzf", fletcher32=True)
    file["id"] = np.arange(ROWS, dtype=np.int64) * 3 - 100
    file.create_dataset("uint64", data=np.uint64(2**64 - 1) - np.arange(ROWS, dtype=np.uint64), chunks=(9,))
with h5py.File(OUT / "h5py-groups.h5", "w") as file:
    file.create_dataset("group/i8", data=i8, chunks=(60, 6))
    file.create_dataset("group/u8", data=u8)
    file["f64"] = f32.astype(np.float64)
    file["big"] = f32[:9].astype(">f4")
with h5py.File(OUT / "h5py-latest.h5", "w", libver="latest") as file:
    file.create_dataset("gzip", data=f32, chunks=(7, 6), compression="gzip", maxshape=(None, 6))
    file.create_dataset("fixed", data=f16, chunks=(8, 6))
    file["f32"] = f32
