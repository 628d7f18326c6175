package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.arrow.ArrowFile.Extent;
import io.flashlloyd.io.source.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** The record batches of one split, in order. Owns the file's stream. */
final class ArrowPart implements Closeable {
  private final VectorSplit split;
  private final long length;
  private final FSDataInputStream in;
  private final Schema schema;
  private final List<Extent> batches;
  private int taken;
  private long firstRowInFile;
  private long rows;

  ArrowPart(VectorSplit split, Configuration hadoop) throws IOException {
    this.split = split;
    this.firstRowInFile = split.firstRowInFile();
    this.in = SourceFile.open(split.uri(), hadoop);
    try {
      this.length = SourceFile.length(split.uri(), hadoop);
      if (isStream()) {
        // What is before the split is not walked through again.
        ArrowStream stream = new ArrowStream(split.uri(), length, in);
        this.schema = stream.schema();
        this.batches = stream.batches(split.offset(), split.parts());
      } else {
        ArrowFile file = ArrowFile.read(split.uri(), length, in);
        int end = Math.min(split.firstPart() + split.parts(), file.batches().size());
        this.schema = file.schema();
        this.batches = file.batches().subList(Math.min(split.firstPart(), end), end);
      }
      if (batches.size() < split.parts()) {
        throw replaced();
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw ArrowFile.explain(split.uri(), e);
    }
  }

  /** Parts of files are found by their footer, those of streams by their position. */
  private boolean isStream() {
    return split.offset() > 0;
  }

  String uri() {
    return split.uri();
  }

  Schema schema() {
    return schema;
  }

  FSDataInputStream stream() {
    return in;
  }

  /** Every dictionary batch of the file. */
  List<Extent> dictionaries() throws IOException {
    return ArrowFile.read(split.uri(), length, in).dictionaries();
  }

  /** The next record batch. */
  RecordBatchHeader next() throws IOException {
    if (!hasNext()) {
      throw replaced();
    }
    firstRowInFile += rows;
    RecordBatchHeader header = RecordBatchHeader.read(split.uri(), batches.get(taken++), in);
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

  /** Where dictionaries end that the record batch taken last may use: all of a file's. */
  long dictionariesEnd() {
    return isStream() ? batches.get(taken - 1).offset() : Long.MAX_VALUE;
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
