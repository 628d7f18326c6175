package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The vectors of one row group, one after the other. */
interface VectorDecoder {
  /**
   * Decodes the next row and returns its dimension.
   *
   * @param rowInFile for errors
   * @throws VectorInputException for a null vector or a null in it
   */
  int next(long rowInFile) throws IOException;

  /** The row just decoded, of {@link #source()}, from position 0. Takes memory by its dimension. */
  ByteBuffer row() throws VectorInputException;

  SourceType source();
}
