package io.flashlloyd.io.flat;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Formats that hold one matrix and no columns. */
abstract class FlatFormat implements FileFormat {
  /**
   * Reads and checks the header.
   *
   * @param bfloat16 as in {@link ColumnChoice}
   */
  abstract FileLayout inspect(SourceFile file, boolean bfloat16, Configuration hadoop)
      throws IOException;

  @Override
  public final FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    if (columns.idColumn() != null) {
      throw FlatHeader.noColumns(file.uri(), columns.idColumn());
    }
    if (columns.column() != null) {
      throw FlatHeader.noColumns(file.uri(), columns.column());
    }
    return inspect(file, columns.bfloat16(), hadoop);
  }

  @Override
  public RowSource open(
      VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    return new PlainRows(split, hadoop);
  }

  @Override
  public final IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop)
      throws VectorInputException {
    throw FlatHeader.noColumns(split.uri(), columns.idColumn());
  }
}
