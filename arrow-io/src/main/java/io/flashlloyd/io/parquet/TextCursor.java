package io.flashlloyd.io.parquet;

import java.io.IOException;

/** The texts of one flat column in one row group. */
interface TextCursor {
  /** The next row's text, or null. */
  String next() throws IOException;
}
