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
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.fs.Path;

/** The assignment files of one task, one open at a time. Used by the task's thread. */
public final class SplitFiles implements RowSink, AutoCloseable {
  private final FileSource source;
  private final String folder;
  private final String attempt;
  private final List<String> names = new ArrayList<>();
  private final BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE);
  private AssignmentWriter writer;
  private IdReader ids;

  public SplitFiles(FileSource source, String folder, String attempt) {
    this.source = source;
    this.folder = folder;
    this.attempt = attempt;
  }

  @Override
  public void open(int split) throws IOException {
    String name = String.format(Locale.ROOT, "part-%06d-%s.parquet", split, attempt);
    ids = source.openIds(split, allocator);
    writer =
        AssignmentWriter.open(
            new Path(folder, name).toString(), source.hadoop(), source.dataset().idType());
    names.add(name);
  }

  /** Appends the next rows of the split; distances are by the source's measure, float32. */
  @Override
  public void write(RowOutputs outputs, int rows) throws IOException {
    int done = 0;
    while (done < rows) {
      Ids some = ids.next(rows - done);
      if (some == null) {
        throw new IOException(
            "The id column ended %d rows before the vectors; was the file changed?"
                .formatted(rows - done));
      }
      IntBuffer clusters = outputs.assignments().slice(done, some.rows());
      FloatBuffer distances = FloatBuffer.allocate(some.rows());
      for (int row = 0; row < some.rows(); row++) {
        distances.put(row, (float) source.measure().distance(outputs.distances().get(done + row)));
      }
      writer.write(some, clusters, distances);
      done += some.rows();
    }
  }

  /** Puts the open file in its place. */
  @Override
  public void commit() throws IOException {
    writer.commit();
    closeFile();
  }

  public List<String> names() {
    return names;
  }

  /** Gives up the file that is open, if one is. */
  @Override
  public void close() throws IOException {
    try (allocator) {
      closeFile();
    }
  }

  private void closeFile() throws IOException {
    try {
      if (writer != null) {
        writer.close();
      }
    } finally {
      writer = null;
      if (ids != null) {
        ids.close();
        ids = null;
      }
    }
  }
}
