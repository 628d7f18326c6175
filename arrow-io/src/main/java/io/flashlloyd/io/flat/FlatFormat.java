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
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;

/** Formats that hold one matrix and no columns. */
abstract class FlatFormat implements FileFormat {
  /**
   * Reads and checks the header.
   *
   * @param bfloat16 as in {@link ColumnChoice}
   */
  abstract FileLayout inspect(FlatContent content, boolean bfloat16) throws IOException;

  @Override
  public final FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    if (columns.idColumn() != null) {
      throw FlatHeader.noColumns(file.uri(), columns.idColumn());
    }
    if (columns.column() != null) {
      throw FlatHeader.noColumns(file.uri(), columns.column());
    }
    return inspect(FlatContent.of(file, hadoop), columns.bfloat16());
  }

  @Override
  public final RowSource open(
      VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    return rows(split, dimension, open(split, hadoop));
  }

  /** The rows in a stream that starts with the split's first one; they own it. */
  RowSource rows(VectorSplit split, int dimension, InputStream in) throws IOException {
    return new PlainRows(split, in);
  }

  /** The split's bytes. Packed ones are one part, the others none. */
  private static InputStream open(VectorSplit split, Configuration hadoop) throws IOException {
    FlatContent.Packing packing = split.parts() > 0 ? new Gzip(split.uri(), hadoop) : null;
    return new FlatContent(split.uri(), Long.MAX_VALUE, 0, packing, hadoop).open(split.offset());
  }

  @Override
  public final IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop)
      throws VectorInputException {
    throw FlatHeader.noColumns(split.uri(), columns.idColumn());
  }
}
