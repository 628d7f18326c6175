package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What is asked of rows before there are centroids (survey_rows.cu): rows that stay on the card are
 * carried there by the first question. Any thread.
 */
final class RowSurvey {
  /** A launch and its way back take longer than the cores with fewer values. */
  private static final long FEWEST_VALUES = 1 << 20;

  private static final int THREADS = 256;
  private static final int ROWS_PER_CTA = THREADS / 32;
  private static final int CTAS_PER_MULTIPROCESSOR = 4;

  private final CudaEngine engine;
  private final RowLoader loader;

  RowSurvey(CudaEngine engine, RowLoader loader) {
    this.engine = engine;
    this.loader = loader;
  }

  /** Whether to ask the card about so many rows. */
  static boolean takes(HostRows rows) {
    return (long) rows.rows() * rows.dimension() >= FEWEST_VALUES;
  }

  /** {@link RowStatistics} of rows without weights. */
  CompletableFuture<RowStatistics> statistics(long chunkId, HostRows rows, long firstRow) {
    CountedRows counted = new CountedRows(rows.dimension());
    return survey(
        chunkId,
        rows,
        counted.bytes(),
        (chunk, from, to) -> count(chunk, from, to, counted),
        counted::take,
        () -> counted.statistics(rows.rows(), firstRow));
  }

  /** {@link ContentHash#ofRows}. */
  CompletableFuture<long[]> hashes(long chunkId, HostRows rows, ContentHash hash) {
    long[] hashes = new long[rows.rows()];
    return survey(
        chunkId,
        rows,
        8L * hashes.length,
        (chunk, from, to) -> hash(chunk, from, to, hash.start()),
        (piece, offset) ->
            piece.asLongBuffer().get(hashes, (int) (offset / 8), piece.remaining() / 8),
        () -> hashes);
  }

  /** Queues kernels that read rows and write an answer. */
  private interface Question {
    void launch(DeviceChunk chunk, DeviceBuffer rows, DeviceBuffer answer);
  }

  private <T> CompletableFuture<T> survey(
      long chunkId,
      HostRows rows,
      long bytes,
      Question question,
      StagingRing.Sink sink,
      Supplier<T> answer) {
    try {
      return engine
          .room()
          .feed(
              () -> {
                bring(chunkId, rows);
                synchronized (engine) {
                  return Optional.of(queue(chunkId, rows, bytes, question, sink, answer));
                }
              })
          .orElseThrow();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Brings rows that will stay, most of the way without the engine's lock. */
  private void bring(long chunkId, HostRows rows) {
    DeviceChunk chunk;
    synchronized (engine) {
      engine.work().context().makeCurrent();
      chunk = engine.find(chunkId, rows);
      if (!loader.begin(chunk, rows, engine.passNumber())) {
        return;
      }
    }
    boolean brought = false;
    try {
      loader.arrive(chunk, rows);
      brought = true;
    } finally {
      synchronized (engine) {
        loader.landed(chunk, brought);
      }
    }
  }

  private <T> CompletableFuture<T> queue(
      long chunkId,
      HostRows rows,
      long bytes,
      Question question,
      StagingRing.Sink sink,
      Supplier<T> answer) {
    DeviceWork work = engine.work();
    work.context().makeCurrent();
    DeviceBuffer buffer = work.memory().allocate(bytes);
    try (StageTimes times = new StageTimes()) {
      DeviceChunk chunk = engine.find(chunkId, rows);
      DeviceBuffer there = loader.load(chunk, rows, engine.passNumber(), times);
      buffer.zero(work.stream());
      question.launch(chunk, there, buffer);
      loader.release();
      return engine.completions().bring(buffer, sink, answer, work.stream());
    } catch (RuntimeException | Error e) {
      engine.forget(chunkId); // whoever feeds it again begins anew; nothing runs after this
      buffer.close();
      throw e;
    }
  }

  private void count(DeviceChunk chunk, DeviceBuffer rows, DeviceBuffer to, CountedRows counted) {
    int rowWords = KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4;
    int slices = KernelShapes.ceilDiv(rowWords, 32);
    int most = KernelShapes.ceilDiv(chunk.count, ROWS_PER_CTA);
    long largest = to.address();
    long lowest = largest + counted.lowest();
    long bins = largest + counted.bins();
    int each = Math.max(1, Math.min(most, ctas() / slices));
    engine
        .work()
        .launch(
            KernelCatalog.of("COUNT_ROWS", chunk.type),
            slices * each,
            THREADS,
            0,
            rows(chunk, rows, rowWords)
                .next()
                .address(largest)
                .next()
                .address(lowest)
                .next()
                .address(bins));
  }

  private void hash(DeviceChunk chunk, DeviceBuffer rows, DeviceBuffer hashes, long start) {
    engine
        .work()
        .launch(
            KernelCatalog.of("HASH_ROWS", chunk.type),
            KernelShapes.ceilDiv(chunk.count, THREADS),
            THREADS,
            0,
            rows(chunk, rows, KernelShapes.rowBytes(chunk.dimension, chunk.type) / 4)
                .next()
                .int32(chunk.dimension)
                .next()
                .int64(start)
                .next()
                .address(hashes));
  }

  /** What both kernels take first. */
  private static KernelArguments rows(DeviceChunk chunk, DeviceBuffer rows, int rowWords) {
    return new KernelArguments()
        .next()
        .address(rows)
        .next()
        .int64(chunk.count)
        .next()
        .int32(rowWords);
  }

  private int ctas() {
    return CTAS_PER_MULTIPROCESSOR * engine.work().context().multiprocessors();
  }
}
