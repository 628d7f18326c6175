package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * The dimension of a file's vectors, which Parquet does not state. Lists of equal length show it
 * as values per row; sparse vectors in the statistics of their size; otherwise a row is read.
 */
final class ParquetShape {
  /** A footer is not believed about rows of more values, which take much memory: one is read. */
  private static final int MOST_UNSEEN = 1 << 16;

  private final String uri;
  private final ParquetMetadata footer;
  private final VectorColumn column;
  private final long rows;

  ParquetShape(String uri, ParquetMetadata footer, VectorColumn column) {
    this.uri = uri;
    this.footer = footer;
    this.column = column;
    this.rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  int dimension(Configuration hadoop) throws IOException {
    OptionalInt known = stated();
    return known.isPresent() ? known.getAsInt() : fromRows(hadoop);
  }

  /** The dimension where the footer shows it. */
  OptionalInt stated() {
    if (rows == 0) {
      return OptionalInt.empty();
    }
    return column.isMlVector() ? fromSizes() : fromValueCount();
  }

  /** Values of a leaf that are null or missing, or -1 where the footer does not count them. */
  static long nulls(ParquetMetadata footer, ColumnDescriptor leaf) {
    long nulls = 0;
    for (BlockMetaData group : footer.getBlocks()) {
      Statistics<?> statistics = chunk(group, leaf).getStatistics();
      if (statistics == null || !statistics.isNumNullsSet()) {
        return -1;
      }
      nulls += statistics.getNumNulls();
    }
    return nulls;
  }

  private OptionalInt fromValueCount() {
    long values = values();
    long dimension = values / rows;
    return values % rows == 0 && dimension > 1 && dimension <= MOST_UNSEEN
        ? OptionalInt.of((int) dimension)
        : OptionalInt.empty();
  }

  /** Values of the column, where a null or empty list counts as one. */
  private long values() {
    long values = 0;
    for (BlockMetaData group : footer.getBlocks()) {
      values += chunk(group, column.valuesLeaf()).getValueCount();
    }
    return values;
  }

  private OptionalInt fromSizes() {
    long nulls = 0;
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    for (BlockMetaData group : footer.getBlocks()) {
      Statistics<?> statistics = chunk(group, column.sizeLeaf()).getStatistics();
      if (statistics == null || !statistics.isNumNullsSet()) {
        return OptionalInt.empty();
      }
      nulls += statistics.getNumNulls();
      if (statistics.hasNonNullValue() && statistics instanceof IntStatistics sizes) {
        least = Math.min(least, sizes.getMin());
        most = Math.max(most, sizes.getMax());
      }
    }
    if (nulls == rows) {
      return fromValueCount();
    }
    // Where dense rows are mixed in, the sparse ones do not speak for all.
    return nulls == 0 && least == most ? OptionalInt.of(least) : OptionalInt.empty();
  }

  /** Reads every row if the first one's length does not explain the value count: some row errs. */
  private int fromRows(Configuration hadoop) throws IOException {
    try (RowGroups groups = new RowGroups(uri, hadoop)) {
      groups.select(column.leaves(), 0, footer.getBlocks().size());
      int dimension = -1;
      long row = 0;
      RowGroup pages = groups.next();
      while (pages != null) {
        VectorDecoder decoder = column.open(uri, pages);
        for (long i = 0; i < pages.rows(); i++, row++) {
          int actual = decoder.next(row);
          if (dimension < 0) {
            dimension = requirePositive(actual);
          } else if (actual != dimension) {
            throw VectorInputException.ragged(uri, row, actual, dimension);
          }
          if (explained(dimension)) {
            return dimension;
          }
        }
        pages = groups.next();
      }
      return dimension;
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  /** Whether no row is known to differ: a list column's value count is rows x dimension. */
  private boolean explained(int dimension) {
    return column.isMlVector() || values() == rows * dimension;
  }

  private int requirePositive(int dimension) throws VectorInputException {
    if (dimension < 1) {
      throw VectorInputException.inRow(
          uri, 0, "the vector is empty (expected at least one value); drop the row or fill it");
    }
    return dimension;
  }

  static ColumnChunkMetaData chunk(BlockMetaData group, ColumnDescriptor leaf) {
    return group.getColumns().stream()
        .filter(chunk -> Arrays.equals(chunk.getPath().toArray(), leaf.getPath()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("A row group has no column " + leaf));
  }
}
