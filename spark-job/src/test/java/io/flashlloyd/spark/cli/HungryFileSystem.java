package io.flashlloyd.spark.cli;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.TaskContext;

/**
 * The local disk under the scheme {@code hungry:}, where a task that opens a file asks for 16 GB of
 * heap.
 */
public final class HungryFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("hungry:///");
  }

  @Override
  public String getScheme() {
    return "hungry";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (TaskContext.get() != null && new long[Integer.MAX_VALUE - 8].length > 0) {
      throw new IOException("the heap is larger than this test expects");
    }
    return super.open(path, bufferSize);
  }
}
