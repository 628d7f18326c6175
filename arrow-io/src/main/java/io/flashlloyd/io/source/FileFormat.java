package io.flashlloyd.io.source;

import io.flashlloyd.io.ColumnInfo;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** What every format package offers. Implementations hold no state. */
public interface FileFormat {
  /** Reads and checks a file's header or footer, against the file's length too. */
  FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException;

  /** Each column that could hold vectors or ids; none of a format that has no columns. */
  default List<ColumnInfo> columns(SourceFile file, Configuration hadoop) throws IOException {
    return List.of();
  }

  /** The coordinates of a split. */
  RowSource open(VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException;

  /** What the rows of a split count, from a column of this name. */
  default WeightReader openWeights(VectorSplit split, String column, Configuration hadoop)
      throws IOException {
    throw VectorInputException.inFile(
        split.uri(),
        "%s files have no column '%s' of weights (expected Parquet or Arrow)"
            .formatted(split.format().optionName(), column));
  }

  /** The ids of a split's rows, from {@code columns.idColumn()}, which is not null. */
  IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop)
      throws IOException;
}
