package io.flashlloyd.io.arrow;

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

/** Arrow IPC files. */
public final class ArrowFormat implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    throw VectorInputException.inFile(file.uri(), "Arrow files cannot be read yet; use Parquet");
  }

  @Override
  public RowSource open(
      VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    throw VectorInputException.inFile(split.uri(), "Arrow files cannot be read yet; use Parquet");
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    throw VectorInputException.inFile(split.uri(), "Arrow files cannot be read yet; use Parquet");
  }
}
