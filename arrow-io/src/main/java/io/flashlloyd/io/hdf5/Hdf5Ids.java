package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorSplit;
import java.io.IOException;

/** The ids of a split, from a data set of one side. */
final class Hdf5Ids implements IdReader {
  private final Hdf5File file;
  private final Hdf5Numbers numbers;
  private final long end;
  private long next;

  /** Owns the file. */
  Hdf5Ids(Hdf5File file, Hdf5Numbers numbers, VectorSplit split) {
    this.file = file;
    this.numbers = numbers;
    this.next = split.firstRowInFile();
    this.end = next + split.rows();
  }

  @Override
  public Ids next(int maxRows) throws IOException {
    if (next == end) {
      return null;
    }
    int count = (int) Math.min(maxRows, end - next);
    try {
      Ids ids = numbers.read(next, count);
      next += count;
      return ids;
    } catch (RuntimeException e) {
      throw Hdf5File.damaged(file.uri(), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
