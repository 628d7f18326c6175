package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the card says of rows, against what the cores say. */
class RowSurveyIT implements NeedsGpu {
  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());

  /** Every exponent, subnormals, zeros of both signs, whole numbers, columns of nothing. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldSayWhatTheCoresSay(ElementType type) throws IOException {
    Random random = new Random(seed + type.ordinal());
    // Room for some of the chunks: the others pass through.
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(40 << 20))) {
      for (int round = 0; round < 40; round++) {
        int dimension = 1 + random.nextInt(random.nextBoolean() ? 20 : 1100);
        int most = round % 10 == 0 ? 6 << 20 : 50_000;
        int rows = 1 + random.nextInt(Math.max(1, most / dimension));
        HostRows chunk = chunk(random, type, rows, dimension);
        String what = "seed %d, round %d: %d x %d %s".formatted(seed, round, rows, dimension, type);
        checkHashes(engine, round, chunk, what);
        checkStatistics(engine, round, chunk, what);
        checkHashes(engine, round, chunk, what + ", again");
      }
    }
  }

  private static void checkHashes(CudaEngine engine, long id, HostRows chunk, String what) {
    ContentHash hash = ContentHash.of(chunk.rows(), (int) id);
    assertThat(engine.survey().hashes(id, chunk, hash).join())
        .as(what)
        .isEqualTo(hash.ofRows(chunk));
  }

  private static void checkStatistics(CudaEngine engine, long id, HostRows chunk, String what)
      throws IOException {
    long firstRow = 7_000_000_000L * id;
    RowStatistics expected = new RowStatistics(chunk.dimension());
    expected.add(chunk, firstRow);
    RowStatistics counted = engine.survey().statistics(id, chunk, firstRow).join();
    assertThat(written(SumScale.of(counted))).as(what).isEqualTo(written(SumScale.of(expected)));
    assertThat(counted.rows()).as(what).isEqualTo(expected.rows());
    if (chunk.type().bytes() > 1) { // of bytes the cores do not note which row has the largest
      assertThat(written(counted)).as(what).isEqualTo(written(expected));
    }
  }

  private static byte[] written(Serializable found) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(found);
    }
    return bytes.toByteArray();
  }

  /** The first question brings rows; passes and other questions find them there. */
  @Test
  void shouldLeaveTheRowsForPasses() {
    TestData data = TestData.of(RowKind.NOISE, ElementType.FLOAT16, 40_000, 96, 50, 2, false, seed);
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(1 << 30))) {
      assertThat(engine.residentBytes()).isZero();
      for (int chunk = 0; chunk < 2; chunk++) {
        engine.statistics(chunk, data.chunks().get(chunk), 0).join();
      }
      PassPlan plan = PassPlan.assign(data.centroids(), data.scale());
      try (Pass pass = engine.begin(plan)) {
        assertThat(pass.residentAmong(List.of(0L, 1L, 2L))).containsExactlyInAnyOrder(0L, 1L);
        for (long chunk = 0; chunk < 2; chunk++) {
          assertThat(pass.feedResident(chunk, null)).as("chunk %d", chunk).isPresent();
        }
        assertThat(pass.finish().rows()).isEqualTo(40_000);
      }
    }
  }

  /** Many threads ask while a pass goes on. */
  @Test
  void shouldAnswerManyAtATime() {
    Random random = new Random(seed);
    List<HostRows> chunks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      chunks.add(chunk(random, ElementType.FLOAT32, 20_000 + i, 64));
    }
    ContentHash hash = ContentHash.of(seed, 1);
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(20 << 20))) {
      List<CompletableFuture<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < chunks.size(); i++) {
        int id = i;
        answers.add(
            CompletableFuture.supplyAsync(() -> engine.hashes(id, chunks.get(id), hash).join())
                .thenApply(found -> Arrays.equals(found, hash.ofRows(chunks.get(id)))));
      }
      answers.forEach(answer -> assertThat(answer.join()).as("seed %d", seed).isTrue());
    }
  }

  /** Weights count in statistics, which the cores then make, and not in hashes. */
  @Test
  void shouldCountWeightedRowsAsTheCoresDo() throws IOException {
    Random random = new Random(seed);
    HostRows plain = chunk(random, ElementType.FLOAT32, 30_000, 40);
    long[] weights = random.longs(plain.rows(), 0, 1000).toArray();
    HostRows rows =
        new HostRows(
            plain.values(), plain.rows(), 40, ElementType.FLOAT32, LongBuffer.wrap(weights));
    RowStatistics expected = new RowStatistics(40);
    expected.add(rows, 5);
    ContentHash hash = ContentHash.of(seed, 2);
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0))) {
      assertThat(written(engine.statistics(1, rows, 5).join())).isEqualTo(written(expected));
      assertThat(engine.hashes(1, rows, hash).join()).isEqualTo(hash.ofRows(plain));
      Centroids centroids = new Centroids(new float[40], 1, 40);
      try (Pass pass = engine.begin(PassPlan.assign(centroids, SumScale.of(expected)))) {
        assertThat(pass.feedResident(1, null)).isPresent();
        pass.finish();
      }
    }
  }

  private static HostRows chunk(Random random, ElementType type, int rows, int dimension) {
    int kinds = random.nextInt(1 << 4); // which kinds of columns there are, at random
    int[] columns = random.ints(dimension, 0, 4).map(kind -> kind & kinds).toArray();
    ByteBuffer values =
        ByteBuffer.allocateDirect(rows * dimension * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * dimension; i++) {
      int kind = columns[i % dimension];
      switch (type) {
        case FLOAT32 -> values.putInt(4 * i, float32(random, kind));
        case FLOAT16 -> values.putShort(2 * i, (short) float16(random, kind));
        default -> values.put(i, (byte) (kind == 0 ? 0 : random.nextInt() & 0xff >> kind - 1));
      }
    }
    return new HostRows(values, rows, dimension, type);
  }

  private static int float32(Random random, int kind) {
    int sign = random.nextInt(2) << 31;
    return switch (kind) {
      case 0 -> sign;
      case 1 -> Float.floatToRawIntBits((float) random.nextGaussian());
      case 2 -> Float.floatToRawIntBits(random.nextInt(1000) - 500);
      default -> sign | random.nextInt(0x7f800000);
    };
  }

  private static int float16(Random random, int kind) {
    int sign = random.nextInt(2) << 15;
    return switch (kind) {
      case 0 -> sign;
      case 1 -> sign | random.nextInt(0x400); // subnormal
      case 2 -> sign | random.nextInt(0x1f) << 10;
      default -> sign | random.nextInt(0x7c00);
    };
  }
}
