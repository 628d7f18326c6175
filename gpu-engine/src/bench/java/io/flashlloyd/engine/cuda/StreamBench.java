package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Iterations over rows in pinned host memory; see its description. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    header = "Time whole iterations over d = 128 rows in pinned host memory.",
    description =
        "One buffer is fed again under many chunk ids, so that the host needs little memory; every"
            + " byte still crosses the bus.")
final class StreamBench implements Runnable {
  private static final int DIMENSION = 128;
  private static final int CHUNK_BYTES = 1 << 30;
  private static final int RUNS = 4;

  @Parameters(index = "0", paramLabel = "ROWS")
  private long rows;

  @Parameters(index = "1", paramLabel = "K")
  private int k;

  @Parameters(index = "2", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES}")
  private ElementType type;

  @Parameters(index = "3", paramLabel = "TIER_GIB", description = "What stays on the card.")
  private long tier;

  @Override
  public void run() {
    int chunkRows = CHUNK_BYTES / (DIMENSION * type.bytes());
    CudaOptions options = CudaOptions.device(0).withTierBytes(tier << 30);
    try (CudaEngine engine = CudaEngine.open(options);
        PinnedBuffer pinned = engine.pin(CHUNK_BYTES)) {
      ByteBuffer values = pinned.bytes();
      SyntheticRows.gaussian(values, chunkRows, DIMENSION, type, 1);
      HostRows chunk = new HostRows(values, chunkRows, DIMENSION, type);
      RowStatistics statistics = new RowStatistics(DIMENSION);
      int copies = Math.toIntExact(rows / chunkRows);
      statistics.add(new HostRows(values, chunkRows / 16, DIMENSION, type));
      // The scale of all rows: the part stands for 16 times as many in each copy, and its largest
      // magnitudes for all (the generator's range is bounded).
      RowStatistics all = new RowStatistics(DIMENSION);
      for (int i = 0; i < 16 * copies; i++) {
        all.merge(statistics);
      }
      SumScale scale = SumScale.of(all);
      float[] first = new float[k * DIMENSION];
      for (int i = 0; i < first.length; i++) {
        first[i] = chunk.get(i / DIMENSION, i % DIMENSION);
      }
      Centroids centroids = new Centroids(first, k, DIMENSION);
      List<Double> seconds = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        long start = System.nanoTime();
        try (Pass pass =
            engine.begin(PassPlan.lloyd(centroids, run == 0 ? null : centroids, scale))) {
          for (int id = 0; id < copies; id++) {
            var unused = pass.feed(id, chunk, null);
          }
          long fed = pass.finish().rows();
          if (fed != (long) copies * chunkRows) {
            throw new IllegalStateException("The pass counted " + fed + " rows");
          }
        }
        seconds.add((System.nanoTime() - start) / 1e9);
      }
      System.out.printf(
          "%d x %d %s, K=%d, tier %d GiB (%.1f GiB resident): seconds an iteration %s%n",
          (long) copies * chunkRows,
          DIMENSION,
          type,
          k,
          tier,
          engine.residentBytes() / (double) (1 << 30),
          seconds);
    }
  }
}
