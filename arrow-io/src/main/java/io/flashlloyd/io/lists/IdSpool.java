package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.LittleEndianFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.output.DeferredFileOutputStream;

/** Ids that wait for their turn: the first million in memory, all in a local file beyond that. */
final class IdSpool implements AutoCloseable {
  private static final int MEMORY_BYTES = 8 << 20;

  private final ByteBuffer one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private DeferredFileOutputStream waiting;

  void add(long id) throws IOException {
    if (waiting == null) {
      waiting =
          DeferredFileOutputStream.builder()
              .setThreshold(MEMORY_BYTES)
              .setPrefix("flashlloyd-ids-")
              .setSuffix(".tmp")
              .setDirectory(Path.of(System.getProperty("java.io.tmpdir")))
              .get();
    }
    waiting.write(one.putLong(0, id).array());
  }

  /** Writes the ids in their order; none are left. */
  void moveTo(LittleEndianFile out) throws IOException {
    if (waiting != null) {
      waiting.close();
      try (InputStream bytes = waiting.toInputStream()) {
        out.putAll(bytes);
      }
      close();
    }
  }

  @Override
  public void close() throws IOException {
    if (waiting != null) {
      waiting.close();
      if (!waiting.isInMemory()) {
        Files.deleteIfExists(waiting.getPath());
      }
      waiting = null;
    }
  }
}
