package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** The vectors of a split's row groups. */
final class ParquetRows implements RowSource {
  private final String uri;
  private final VectorColumn column;
  private final RowGroups groups;
  private VectorDecoder decoder;
  private long groupRows;

  ParquetRows(VectorSplit split, ColumnChoice choice, Configuration hadoop) throws IOException {
    this.uri = split.uri();
    this.groups = new RowGroups(uri, hadoop);
    try {
      this.column =
          ParquetColumns.of(uri, groups.schema(), choice.bfloat16())
              .vectors(choice.column())
              .vectors()
              .orElseThrow();
      groups.select(column.leaves(), split.firstPart(), split.parts());
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  @Override
  public void fill(ChunkFiller filler) throws IOException {
    if (groupRows == 0) {
      nextGroup();
    }
    try {
      int dimension = filler.dimension();
      int rows = (int) Math.min(groupRows, filler.missing() / dimension);
      for (int i = 0; i < rows; i++) {
        long row = filler.rowInFile();
        int actual = decoder.next(row);
        if (actual != dimension) {
          throw VectorInputException.ragged(uri, row, actual, dimension);
        }
        filler.append(decoder.row(), 0, decoder.source(), dimension);
      }
      groupRows -= rows;
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  private void nextGroup() throws IOException {
    RowGroup pages = groups.next();
    if (pages == null) {
      throw VectorInputException.inFile(
          uri, "has fewer rows than when it was listed; it was replaced while being read");
    }
    groupRows = pages.rows();
    try {
      decoder = column.open(uri, pages);
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  @Override
  public long storageNanos() {
    return groups.nanos();
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }
}
