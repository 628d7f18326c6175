package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** The record batches of one split, in order. Owns the file's stream. */
final class ArrowPart implements Closeable {
  private final VectorSplit split;
  private final ArrowFile file;
  private final FSDataInputStream in;
  private int taken;
  private long firstRowInFile;
  private long rows;

  ArrowPart(VectorSplit split, Configuration hadoop) throws IOException {
    this.split = split;
    this.firstRowInFile = split.firstRowInFile();
    this.in = SourceFile.open(split.uri(), hadoop);
    try {
      this.file = ArrowFile.read(split.uri(), SourceFile.length(split.uri(), hadoop), in);
      if (split.firstPart() + split.parts() > file.extents().size()) {
        throw replaced();
      }
    } catch (IOException e) {
      in.close();
      throw ArrowFile.explain(split.uri(), e);
    }
  }

  ArrowFile file() {
    return file;
  }

  FSDataInputStream stream() {
    return in;
  }

  /** The next record batch. */
  RecordBatchHeader next() throws IOException {
    if (!hasNext()) {
      throw replaced();
    }
    firstRowInFile += rows;
    int index = split.firstPart() + taken++;
    RecordBatchHeader header = RecordBatchHeader.read(split.uri(), file.extents().get(index), in);
    rows = header.rows();
    return header;
  }

  boolean hasNext() {
    return taken < split.parts();
  }

  /** Number, within the file, of the first row of the record batch taken last. */
  long firstRowInFile() {
    return firstRowInFile;
  }

  private VectorInputException replaced() {
    return VectorInputException.inFile(
        split.uri(), "has fewer rows than when it was listed; it was replaced while being read");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
