package io.flashlloyd.spark.data;

import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A reader whose time is taken, as {@link #READ} and {@link #DECODE} where it tells them apart. */
final class TimedReader implements ChunkReader {
  /** Waiting for storage. */
  static final String READ = "read";

  /** Bytes to coordinates. */
  static final String DECODE = "decode";

  /** Of a reader that does both at once, as Arrow's, or of a DataFrame that is computed. */
  static final String READ_AND_DECODE = "read and decode";

  private final ChunkReader reader;
  private final Consumer<StageSeconds> ended;
  private long nanos;

  /**
   * @param opening nanoseconds that it took to open the reader
   * @param ended told of the times when the reader is closed
   */
  TimedReader(ChunkReader reader, long opening, Consumer<StageSeconds> ended) {
    this.reader = reader;
    this.nanos = opening;
    this.ended = ended;
  }

  @Override
  public VectorChunk next() throws IOException {
    long start = System.nanoTime();
    VectorChunk chunk = reader.next();
    nanos += System.nanoTime() - start;
    return chunk;
  }

  @Override
  public long storageNanos() {
    return reader.storageNanos();
  }

  private StageSeconds seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    long storage = storageNanos();
    if (storage < 0) {
      seconds.put(READ_AND_DECODE, nanos * 1e-9);
    } else {
      seconds.put(READ, storage * 1e-9);
      seconds.put(DECODE, (nanos - storage) * 1e-9);
    }
    return new StageSeconds(seconds);
  }

  @Override
  public void close() throws IOException {
    ended.accept(seconds());
    reader.close();
  }
}
