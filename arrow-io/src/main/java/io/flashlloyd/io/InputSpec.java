package io.flashlloyd.io;

import java.io.Serializable;
import java.util.List;

/**
 * What to read.
 *
 * @param uris files, folders (read recursively, names starting with {@code .}, or with {@code _}
 *     and without {@code =}, are skipped), globs where nothing has that name, or {@code
 *     synthetic:rows=N,dim=D,...}; rows are numbered in this order, then path order, then row order
 * @param format the format of every file, or null: each file's extension says, then its first bytes
 * @param column the vector column of Parquet and Arrow files, or null: the only column that can
 *     hold vectors, or else the only one called features, vector or embedding
 * @param idColumn the column whose values name the rows, or null: row numbers
 * @param bfloat16 whether elements of two bytes without a type of their own are bfloat16: .npy of
 *     type V2, lists of FIXED_LEN_BYTE_ARRAY(2)
 * @param chunkBytes the most bytes of one chunk; a row that is longer still gets a chunk
 * @param weightColumn the column of numbers that rows count, or null: each counts once
 */
public record InputSpec(
    List<String> uris,
    VectorFormat format,
    String column,
    String idColumn,
    boolean bfloat16,
    long chunkBytes,
    String weightColumn)
    implements Serializable {
  public static final long DEFAULT_CHUNK_BYTES = 64L << 20;

  /** A chunk is one ByteBuffer, so its size is an int. */
  public static final long MAX_CHUNK_BYTES = Integer.MAX_VALUE - 64;

  private static final long serialVersionUID = 1L;

  public InputSpec {
    uris = List.copyOf(uris);
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("Input names no file (expected at least one URI)");
    }
    if (chunkBytes < 1 || chunkBytes > MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "chunkBytes is %d (expected 1 to %d)".formatted(chunkBytes, MAX_CHUNK_BYTES));
    }
  }

  /** Rows that all count once. */
  public InputSpec(
      List<String> uris,
      VectorFormat format,
      String column,
      String idColumn,
      boolean bfloat16,
      long chunkBytes) {
    this(uris, format, column, idColumn, bfloat16, chunkBytes, null);
  }

  /** The same, weighted by that column. */
  public InputSpec weightedBy(String weights) {
    return new InputSpec(uris, format, column, idColumn, bfloat16, chunkBytes, weights);
  }

  /** Without elements of type bfloat16. */
  public InputSpec(
      List<String> uris, VectorFormat format, String column, String idColumn, long chunkBytes) {
    this(uris, format, column, idColumn, false, chunkBytes);
  }

  /** One or several inputs, everything else found out. */
  public static InputSpec of(String... uris) {
    return new InputSpec(List.of(uris), null, null, null, DEFAULT_CHUNK_BYTES);
  }
}
