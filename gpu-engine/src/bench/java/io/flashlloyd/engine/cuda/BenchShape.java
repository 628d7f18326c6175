package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A row of the paper's table: n rows of dimension d in k clusters.
 *
 * @param members of that shape, each by itself
 */
record BenchShape(int n, int k, int d, ElementType type, int members) {
  private static final int CHUNK_BYTES = 1 << 30;
  private static final int PARTS = 64;

  BenchShape(int n, int k, int d, ElementType type) {
    this(n, k, d, type, 1);
  }

  /** The in-memory rows of the benchmark's table, and uint8. */
  static final List<BenchShape> PAPER =
      List.of(
          new BenchShape(1 << 20, 8192, 128, ElementType.FLOAT16),
          new BenchShape(1 << 20, 8192, 128, ElementType.FLOAT32),
          new BenchShape(8 << 20, 1024, 128, ElementType.FLOAT16),
          new BenchShape(32 << 20, 4096, 128, ElementType.FLOAT16),
          new BenchShape(4 << 20, 32768, 128, ElementType.FLOAT16),
          new BenchShape(1 << 20, 8192, 768, ElementType.FLOAT16),
          new BenchShape(1 << 20, 8192, 256, ElementType.FLOAT16),
          new BenchShape(1 << 20, 8192, 64, ElementType.FLOAT16),
          new BenchShape(1 << 20, 65536, 96, ElementType.FLOAT16),
          new BenchShape(1 << 20, 1024, 100, ElementType.FLOAT32),
          new BenchShape(1 << 20, 256, 128, ElementType.FLOAT16),
          new BenchShape(1 << 20, 8192, 128, ElementType.UINT8),
          new BenchShape(1 << 16, 1024, 128, ElementType.FLOAT16, 32),
          new BenchShape(75600, 1000, 128, ElementType.FLOAT16, 32));

  /** Of the distances of one iteration, as all peers count them. */
  double flop() {
    return 2.0 * members * n * k * d;
  }

  /** Of the rows. */
  double bytes() {
    return (double) members * n * d * type.bytes();
  }

  /** How the peer's bench names the row: members, N, K, d, dtype. */
  String key() {
    return "%d %d %d %d %s".formatted(members, n, k, d, type.name().toLowerCase(Locale.ROOT));
  }

  private int chunkRows() {
    return Math.min(n, CHUNK_BYTES / (d * type.bytes()));
  }

  /** Gaussian noise, in chunks of at most 1 GiB. */
  List<HostRows> rows() {
    List<HostRows> chunks = new ArrayList<>();
    for (int first = 0; first < n; first += chunkRows()) {
      int count = Math.min(chunkRows(), n - first);
      ByteBuffer values =
          ByteBuffer.allocateDirect(count * d * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      SyntheticRows.gaussian(values, count, d, type, first + 1L);
      chunks.add(new HostRows(values, count, d, type));
    }
    return chunks;
  }

  /** The scale of all rows, found on all cores. */
  SumScale scale(List<HostRows> chunks) {
    return SumScale.of(
        chunks.stream()
            .flatMap(chunk -> IntStream.range(0, PARTS).mapToObj(part -> part(chunk, part)))
            .parallel()
            .map(
                part -> {
                  RowStatistics statistics = new RowStatistics(d);
                  statistics.add(part);
                  return statistics;
                })
            .reduce(RowStatistics::merge)
            .orElseThrow());
  }

  private HostRows part(HostRows chunk, int part) {
    int begin = (int) ((long) chunk.rows() * part / PARTS);
    int end = (int) ((long) chunk.rows() * (part + 1) / PARTS);
    int rowBytes = d * type.bytes();
    return new HostRows(
        chunk.values().slice(begin * rowBytes, (end - begin) * rowBytes), end - begin, d, type);
  }

  /** The first k rows, which are as random as any. */
  Centroids centroids(List<HostRows> chunks) {
    float[] values = new float[k * d];
    for (int i = 0; i < values.length; i++) {
      values[i] = chunks.get(0).get(i / d, i % d);
    }
    return new Centroids(values, k, d);
  }
}
