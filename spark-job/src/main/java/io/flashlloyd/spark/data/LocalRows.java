package io.flashlloyd.spark.data;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.InFlight;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.Function2;

/**
 * A data set in the memory of this process: a pass over it is a call, not a Spark job. Engines know
 * its chunks by numbers of its own until it is closed, which frees what {@link #read} read.
 */
public final class LocalRows implements VectorRows, AutoCloseable {
  /** Negative numbers are these; the chunk store's are positive. */
  private static final AtomicLong LAST_ID = new AtomicLong();

  private final List<StoredChunk> chunks;
  private final DistanceMeasure measure;
  private final RowStatistics statistics;
  private final SumScale scale;

  private LocalRows(List<StoredChunk> chunks, DistanceMeasure measure) {
    this.chunks = chunks;
    this.measure = measure;
    this.statistics = new RowStatistics(chunks.get(0).rows().dimension());
    chunks.forEach(chunk -> statistics.add(chunk.rows()));
    this.scale = SumScale.of(statistics).withCostShift(measure.costShift());
  }

  /**
   * Rows in the caller's memory.
   *
   * @param rows finite, in the form that the measure needs; unchanged until {@link #close}
   */
  public static LocalRows of(HostRows rows, DistanceMeasure measure) {
    StoredChunk chunk = new StoredChunk(LAST_ID.decrementAndGet(), 0, rows, null);
    return new LocalRows(List.of(chunk), measure);
  }

  /**
   * Reads all rows, of which there is one at least.
   *
   * @param reader brings rows into the form that the measure needs
   * @param maxBytes that their values may take
   * @return null where they take more
   */
  public static LocalRows read(ChunkReader reader, DistanceMeasure measure, long maxBytes)
      throws IOException {
    List<StoredChunk> chunks = new ArrayList<>();
    long bytes = 0;
    try {
      while (bytes <= maxBytes) {
        VectorChunk chunk = reader.next();
        if (chunk == null) {
          LocalRows rows = new LocalRows(chunks, measure);
          chunks = List.of();
          return rows;
        }
        chunks.add(StoredChunk.of(LAST_ID.decrementAndGet(), chunk));
        bytes += chunk.bytes();
      }
      return null;
    } finally {
      chunks.forEach(chunk -> chunk.memory().close());
    }
  }

  @Override
  public long rows() {
    return statistics.rows();
  }

  /** What the rows' values take. */
  public long bytes() {
    return chunks.stream()
        .map(StoredChunk::rows)
        .mapToLong(rows -> (long) rows.rows() * rows.dimension() * rows.type().bytes())
        .sum();
  }

  @Override
  public int dimension() {
    return statistics.dimension();
  }

  @Override
  public SumScale scale() {
    return scale;
  }

  @Override
  public boolean weighted() {
    return chunks.get(0).rows().weights() != null;
  }

  @Override
  public DistanceMeasure measure() {
    return measure;
  }

  @Override
  public <R, P, S> void reduceSliced(
      String stage, ScanTask<R> task, Slicing<R, P, S> slicing, SliceTaker<S> taker) {
    slicing.give(run(task), taker);
  }

  @Override
  public <R> R reduce(String stage, ScanTask<R> task, Function2<R, R, R> merge) {
    return run(task);
  }

  private <R> R run(ScanTask<R> task) {
    try {
      return task.run(this::scan);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void scan(ChunkVisitor visitor) throws IOException {
    InFlight inFlight = new InFlight();
    try {
      visitor.beginSplit(0);
      for (StoredChunk chunk : chunks) {
        stopIfKilled();
        inFlight.add(visitor.visit(chunk));
      }
      visitor.endSplit(0);
      inFlight.await();
    } finally {
      inFlight.settle();
    }
  }

  /** Within a Spark task that was killed, ends it. */
  static void stopIfKilled() {
    TaskContext context = TaskContext.get();
    if (context != null && context.isInterrupted()) {
      throw new TaskKilledException("killed between two chunks");
    }
  }

  @Override
  public <T> Shared<T> share(T value) {
    return Shared.local(value);
  }

  @Override
  public void close() {
    for (StoredChunk chunk : chunks) {
      ExecutorEngine.forget(chunk.id());
      if (chunk.memory() != null) {
        chunk.memory().close();
      }
    }
  }
}
