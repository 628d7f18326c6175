package io.flashlloyd.spark.run;

import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.spark.data.FileSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.fs.Path;

/**
 * What one task makes of its rows, on any number of threads: a file for each split, a count of rows
 * that are far from their centroids, and what the table of clusters is made of. Each of them may be
 * left out. {@link #close} gives up the files that are open.
 */
final class TaskRows implements RowSink, AutoCloseable {
  private final FileSource source;
  private final String folder;
  private final float[] limits;
  private final ClusterGather gather;
  private final String attempt;
  private final List<String> names = new ArrayList<>();
  private final LongAdder far = new LongAdder();
  private final Set<SplitRows> open = ConcurrentHashMap.newKeySet();
  private final BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE);

  /**
   * @param folder for the files, or null
   * @param limits [k] the distance from which on a row is far, or null; compared as assignments
   *     have it, after the same rounding
   * @param gather takes the rows that are written, or null
   * @param attempt in the files' names, so that those of two attempts do not meet
   */
  TaskRows(FileSource source, String folder, float[] limits, ClusterGather gather, String attempt) {
    this.source = source;
    this.folder = folder;
    this.limits = limits;
    this.gather = gather;
    this.attempt = attempt;
  }

  @Override
  public Split open(int split) {
    if (folder == null) {
      return new SplitRows(split, null);
    }
    String name = String.format(Locale.ROOT, "part-%06d-%s.parquet", split, attempt);
    names.add(name);
    return new SplitRows(split, new Path(folder, name).toString());
  }

  /** Of all files, the first split's first. */
  List<String> names() {
    return names;
  }

  /** Rows so far that are beyond their cluster's limit. */
  long far() {
    return far.sum();
  }

  /** One split's rows; its file and its ids are opened with the first. */
  private final class SplitRows implements Split {
    private final int split;
    private final String file;
    private AssignmentWriter writer;
    private IdReader ids;

    SplitRows(int split, String file) {
      this.split = split;
      this.file = file;
    }

    @Override
    public void write(RowOutputs outputs, int rows) throws IOException {
      IntBuffer clusters = outputs.assignments();
      float[] distances = new float[rows];
      for (int row = 0; row < rows; row++) {
        distances[row] = (float) source.measure().distance(outputs.distances().get(row));
      }
      if (limits != null) {
        countFar(clusters, distances);
      }
      if (file != null) {
        write(clusters, distances);
      }
    }

    private void countFar(IntBuffer clusters, float[] distances) {
      int count = 0;
      for (int row = 0; row < distances.length; row++) {
        count += distances[row] > limits[clusters.get(row)] ? 1 : 0;
      }
      far.add(count);
    }

    private void write(IntBuffer clusters, float[] distances) throws IOException {
      begin();
      int done = 0;
      while (done < distances.length) {
        Ids some = ids.next(distances.length - done);
        if (some == null) {
          throw new IOException(
              "The id column ended %d rows before the vectors; was the file changed?"
                  .formatted(distances.length - done));
        }
        IntBuffer theirs = clusters.slice(done, some.rows());
        writer.write(some, theirs, FloatBuffer.wrap(distances, done, some.rows()).slice());
        if (gather != null) {
          gather.add(some, theirs, distances, done);
        }
        done += some.rows();
      }
    }

    private void begin() throws IOException {
      if (writer == null) {
        open.add(this);
        ids = source.openIds(split, allocator);
        writer = AssignmentWriter.open(file, source.hadoop(), source.dataset().idType());
      }
    }

    /** Puts the file in its place. */
    @Override
    public void commit() throws IOException {
      if (file != null) {
        begin();
        writer.commit();
        end();
      }
    }

    private void end() throws IOException {
      open.remove(this);
      AssignmentWriter written = writer;
      try (written) {
        if (ids != null) {
          ids.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (allocator) {
      for (SplitRows split : open) {
        split.end();
      }
    }
  }
}
