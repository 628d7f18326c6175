package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Several engines as one, as several GPUs of one executor are. */
class JoinedEnginesTest {
  private static final int DIMENSION = 9;
  private static final int CHUNKS = 12;

  @Test
  void shouldFindTheBitsOfOneEngineAndShareTheRowsOut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<HostRows> chunks = new ArrayList<>();
    RowStatistics statistics = new RowStatistics(DIMENSION);
    for (int i = 0; i < CHUNKS; i++) {
      HostRows chunk = rows(1 + random.nextInt(300), random);
      chunks.add(chunk);
      statistics.add(chunk);
    }
    SumScale scale = SumScale.of(statistics);
    Centroids first = centroids(chunks.get(0), random);
    Centroids second = centroids(chunks.get(1), random);
    try (JoinedEngines joined =
            new JoinedEngines(List.of(new CpuEngine(1), new ReferenceEngine(), new CpuEngine(1)));
        LloydEngine one = new ReferenceEngine()) {
      for (PassPlan plan :
          List.of(PassPlan.lloyd(first, null, scale), PassPlan.lloyd(second, first, scale))) {
        PartialSums expected = pass(one, plan, chunks);
        PartialSums actual = pass(joined, plan, chunks);

        assertThat(actual).as("seed %d", seed).usingRecursiveComparison().isEqualTo(expected);
      }
      long rows = statistics.rows();
      assertThat(LongStream.of(joined.rowsGiven()).sum())
          .as("a chunk stays where it was")
          .isEqualTo(rows);
      for (long given : joined.rowsGiven()) {
        assertThat(given).as("seed %d", seed).isBetween(rows / 12, rows * 3 / 4);
      }
    }
  }

  @Test
  void shouldShareOutByWhatTheEnginesHaveNow() {
    Random random = new Random(4);
    HostRows large = rows(900, random);
    HostRows small = rows(100, random);
    RowStatistics statistics = new RowStatistics(DIMENSION);
    statistics.add(large);
    statistics.add(small);
    PassPlan plan = PassPlan.lloyd(centroids(large, random), null, SumScale.of(statistics));
    try (JoinedEngines joined =
        new JoinedEngines(List.of(new CpuEngine(1), new ReferenceEngine()))) {
      pass(joined, plan, List.of(large, small));
      assertThat(joined.rowsGiven()).containsExactly(900, 100);

      joined.forget(0); // the data set of the large one is dropped
      assertThat(joined.rowsGiven()).containsExactly(0, 100);
      try (Pass pass = joined.begin(plan)) {
        var unused = pass.feed(7, small, null);
        assertThat(pass.finish().rows()).isEqualTo(100);
      }
      assertThat(joined.rowsGiven()).containsExactly(100, 100);
    }
  }

  @Test
  void shouldTellHowManyRowsNoEngineScreened() {
    Random random = new Random(5);
    List<HostRows> chunks = List.of(rows(300, random), rows(300, random));
    RowStatistics statistics = new RowStatistics(DIMENSION);
    chunks.forEach(statistics::add);
    SumScale scale = SumScale.of(statistics);
    Centroids centroids = centroids(chunks.get(0), random);
    try (JoinedEngines joined = new JoinedEngines(List.of(new CpuEngine(1), new CpuEngine(1)))) {
      pass(joined, PassPlan.lloyd(centroids, null, scale), chunks);
      try (Pass pass = joined.begin(PassPlan.lloyd(centroids, centroids, scale))) {
        for (int id = 0; id < chunks.size(); id++) {
          var unused = pass.feed(id, chunks.get(id), null);
        }
        pass.finish();

        assertThat(pass.unscreenedRows()).as("of centroids that stayed").isEqualTo(600);
      }
    }
  }

  private static PartialSums pass(LloydEngine engine, PassPlan plan, List<HostRows> chunks) {
    try (Pass pass = engine.begin(plan)) {
      for (int id = 0; id < chunks.size(); id++) {
        var unused = pass.feed(id, chunks.get(id), null);
      }
      return pass.finish();
    }
  }

  private static HostRows rows(int rows, Random random) {
    ByteBuffer values =
        ByteBuffer.allocateDirect(rows * DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * DIMENSION; i++) {
      values.putFloat(4 * i, (float) random.nextGaussian());
    }
    return new HostRows(values, rows, DIMENSION, ElementType.FLOAT32);
  }

  private static Centroids centroids(HostRows rows, Random random) {
    float[] values = new float[5 * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(0, i % DIMENSION) + (float) random.nextGaussian();
    }
    return new Centroids(values, 5, DIMENSION);
  }
}
