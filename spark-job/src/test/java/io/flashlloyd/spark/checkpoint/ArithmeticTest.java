package io.flashlloyd.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.report.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bits that version {@value RunIdentity#ARITHMETIC} of the arithmetic makes. Where this fails
 * and the change is meant, checkpoints of before must not be gone on from: raise {@code
 * RunIdentity.ARITHMETIC}, and write the new digests here.
 */
class ArithmeticTest {
  private static final int ROWS = 3000;
  private static final int DIMENSION = 9;

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @CsvSource({
    "k-means||, euclidean, KEEP, 5300496ab9814234",
    "random, euclidean, SPLIT, 4054bcee713fc384",
    "k-means||, cosine, KEEP, 2796348962bd0057",
  })
  void shouldMakeTheBitsOfThisVersion(
      String init, String distance, EmptyCluster empty, String expected) throws IOException {
    DistanceMeasure measure = DistanceMeasure.of(distance);
    KMeansConfig config = new KMeansConfig(20, 6, 0, 5, init, 2, null, 1, empty);

    for (String engine : List.of("cpu", "reference")) {
      try (LocalRows rows = LocalRows.of(rows(measure), measure)) {
        EngineSettings settings = new EngineSettings(engine, 2);
        Centroids centroids = KMeansFit.run(rows, config, settings, Progress.silent()).centroids();

        assertThat(digest(centroids)).as(engine).isEqualTo(expected);
      }
    }
  }

  /** Blobs of any sizes, in the form that the measure needs. */
  private static HostRows rows(DistanceMeasure measure) {
    SplittableRandom random = new SplittableRandom(11);
    ByteBuffer values =
        ByteBuffer.allocateDirect(ROWS * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[DIMENSION];
    for (int i = 0; i < ROWS; i++) {
      int blob = random.nextInt(1 + random.nextInt(30));
      for (int t = 0; t < DIMENSION; t++) {
        row[t] = (float) (Math.floorMod(blob * (t + 3) * 7, 11) + random.nextDouble());
      }
      measure.prepare(row);
      for (float value : row) {
        values.putFloat(value);
      }
    }
    return new HostRows(values, ROWS, DIMENSION, ElementType.FLOAT32);
  }

  private static String digest(Centroids centroids) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(centroids.values().length * Float.BYTES);
    bytes.asFloatBuffer().put(centroids.values());
    return Digest.of(new ByteArrayInputStream(bytes.array())).substring(0, 16);
  }
}
