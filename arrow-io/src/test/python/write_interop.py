"""Writes src/test/resources/interop with NumPy and pyarrow, as other people's files are written.

Value t of row i is (31 i + 7 t) mod 64 - 32, divided by 8 for floating point, plus 32 for unsigned.
Run from this module's folder: python3 src/test/python/write_interop.py (needs numpy, pyarrow).
"""

import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

ROWS, DIMENSION = 900, 12
OUT = pathlib.Path("src/test/resources/interop")

i, t = np.meshgrid(np.arange(ROWS), np.arange(DIMENSION), indexing="ij")
integers = (31 * i + 7 * t) % 64 - 32
floats = integers / 8.0


def values(dtype):
    if dtype == np.uint8:
        return (integers + 32).astype(dtype)
    return (integers if dtype == np.int8 else floats).astype(dtype)


def fixed(dtype):
    return pa.FixedSizeListArray.from_arrays(pa.array(values(dtype).ravel()), DIMENSION)


def lists(dtype, large=False):
    offsets = np.arange(0, (ROWS + 1) * DIMENSION, DIMENSION)
    kind = pa.LargeListArray if large else pa.ListArray
    return kind.from_arrays(
        pa.array(offsets, pa.int64() if large else pa.int32()), pa.array(values(dtype).ravel())
    )


def table(vectors):
    # Columns of every shape before and after, so that buffers have to be counted right.
    return pa.table(
        {
            "note": pa.array([None if n % 3 else "n%d" % n for n in range(ROWS)]),
            "tag": pa.array(["a", "b", "c"] * (ROWS // 3)).dictionary_encode(),
            "view": pa.array(["a view longer than twelve bytes"] * ROWS, pa.string_view()),
            "pair": pa.array([{"x": n, "y": [n]} for n in range(ROWS)]),
            "nothing": pa.nulls(ROWS),
            "vector": vectors,
            "id": pa.array(np.arange(ROWS, dtype=np.int64) * 3 - 100),
            "name": pa.array(["row-%d" % n for n in range(ROWS)]),
            "small": pa.array(np.arange(ROWS) % 200, pa.uint8()),
        }
    )


def parquet_table(vectors):
    return table(vectors).drop_columns(["view", "nothing"])


OUT.mkdir(parents=True, exist_ok=True)
np.save(OUT / "f2.npy", values(np.float16))
np.save(OUT / "f8.npy", values(np.float64))
np.save(OUT / "u1.npy", values(np.uint8))
np.save(OUT / "fortran.npy", np.asfortranarray(values(np.float32)[:20]))
np.save(OUT / "big_endian.npy", values(np.float32)[:20].astype(">f4"))
np.save(OUT / "rank_1.npy", values(np.float32)[0])
np.save(OUT / "int64.npy", integers[:20])
with open(OUT / "version_2.npy", "wb") as file:
    np.lib.format.write_array(file, values(np.int8), version=(2, 0))

for name, vectors in {
    "fixed_f2": fixed(np.float16),
    "fixed_f4": fixed(np.float32),
    "fixed_u1": fixed(np.uint8),
    "list_f8": lists(np.float64),
    "list_i1": lists(np.int8),
    "large_list_f4": lists(np.float32, large=True),
}.items():
    feather.write_feather(table(vectors), str(OUT / (name + "_lz4.feather")), chunksize=None if name == "list_f8" else 400)
    feather.write_feather(
        table(vectors), str(OUT / (name + "_zstd.arrow")), compression="zstd", chunksize=333
    )
# Slices: offsets that do not start at 0, validity that does not start on a byte.
feather.write_feather(
    pa.concat_tables([table(lists(np.float32))[:303], table(lists(np.float32))[303:]]),
    str(OUT / "sliced.feather"),
    compression="uncompressed",
)

for name, vectors, options in [
    ("dictionary_f4", lists(np.float32), {}),
    ("plain_f4", lists(np.float32), {"use_dictionary": False}),
    ("fixed_f4", fixed(np.float32), {"compression": "zstd"}),
    ("v2_f8", lists(np.float64), {"data_page_version": "2.0", "compression": "gzip"}),
    (
        "stream_split_f4",
        lists(np.float32),
        {"use_dictionary": False, "use_byte_stream_split": ["vector.list.element"]},
    ),
    ("small_pages_f4", lists(np.float32), {"data_page_size": 100, "compression": "none"}),
]:
    pq.write_table(
        parquet_table(vectors), str(OUT / (name + ".parquet")), row_group_size=400, **options
    )
