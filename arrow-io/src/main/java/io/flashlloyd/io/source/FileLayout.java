package io.flashlloyd.io.source;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import java.util.List;

/**
 * What a file's header or footer says.
 *
 * @param rows 0 for an empty file, whose {@code dimension} may then be 0 too
 * @param offset byte position of the first row, for formats without parts
 * @param rowStride bytes from a row to the next, for formats without parts
 * @param parts every row group or record batch, or empty: rows are addressed by bytes
 * @param columns names of the top-level columns, empty for formats that have none
 * @param vectorColumn the one that holds the vectors, or null for formats that have none
 */
public record FileLayout(
    String uri,
    VectorFormat format,
    SourceType source,
    long rows,
    int dimension,
    long offset,
    long rowStride,
    List<Part> parts,
    IdType idType,
    List<String> columns,
    String vectorColumn) {
  /**
   * A row group or record batch.
   *
   * @param offset its byte position, or 0 where the reader finds it by its ordinal
   */
  public record Part(long rows, long offset) {}

  /** A file of rows at a fixed stride, as all formats without columns are. */
  public static FileLayout flat(
      SourceFile file,
      VectorFormat format,
      SourceType source,
      long rows,
      int dimension,
      long offset,
      long rowStride) {
    return new FileLayout(
        file.uri(),
        format,
        source,
        rows,
        dimension,
        offset,
        rowStride,
        List.of(),
        IdType.ROW_NUMBER,
        List.of(),
        null);
  }
}
