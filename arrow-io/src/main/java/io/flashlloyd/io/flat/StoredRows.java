package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Rows that lie in a file one after another as they are, whatever else is in it. */
public final class StoredRows {
  private StoredRows() {}

  /** The rows of a split, from its byte position on. */
  public static RowSource open(VectorSplit split, Configuration hadoop) throws IOException {
    return new PlainRows(
        split, new FlatContent(split.uri(), Long.MAX_VALUE, 0, null, hadoop).open(split.offset()));
  }
}
