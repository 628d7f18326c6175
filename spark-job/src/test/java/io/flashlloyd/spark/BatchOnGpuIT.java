package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups, side by side on a GPU, and codebooks: the bits of the CPU engine. */
class BatchOnGpuIT {
  private static final StructType SCHEMA =
      new StructType()
          .add("tenant", DataTypes.IntegerType)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType));

  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());

  @BeforeEach
  void skipWithoutGpu() {
    String obstacle = Engines.gpuObstacle().orElse(null);
    Assumptions.assumeTrue(obstacle == null, () -> "skipped: " + obstacle);
  }

  /** Groups of one row, of few distinct ones, of some thousand. */
  private Dataset<Row> tenants(int groups, int dimension) {
    Random random = new Random(seed);
    List<Row> table = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int count = group % 5 == 0 ? 1 + random.nextInt(9) : 1 + random.nextInt(1500);
      for (float[] row : Frames.rows(count, dimension, random.nextLong())) {
        Float[] boxed = new Float[dimension];
        for (int t = 0; t < dimension; t++) {
          boxed[t] = row[t];
        }
        table.add(RowFactory.create(group, boxed));
      }
    }
    return LocalSpark.session().createDataFrame(table, SCHEMA).repartition(3).cache();
  }

  @Test
  void shouldFitGroupsToTheCpuEnginesBits() {
    Dataset<Row> rows = tenants(60, 24);
    for (String mode : List.of("random", "k-means||")) {
      FlashKMeansGroups kmeans =
          new FlashKMeansGroups().setGroupCol("tenant").setK(12).setSeed(seed).setInitMode(mode);
      FlashKMeansGroupModel expected = kmeans.setEngine("cpu").fit(rows);
      FlashKMeansGroupModel actual = kmeans.setEngine("gpu").fit(rows);
      assertThat(actual.groups()).isEqualTo(expected.groups());
      for (String group : expected.groups()) {
        assertThat(actual.model(group).centroids())
            .as("%s, group %s, seed %d", mode, group, seed)
            .isEqualTo(expected.model(group).centroids());
      }
      assertThat(actual.summary().collectAsList()).isEqualTo(expected.summary().collectAsList());
    }
  }

  @Test
  void shouldFitCodebooksToTheCpuEnginesBits() {
    Dataset<Row> rows = tenants(4, 32);
    FlashProductQuantizer quantizer = new FlashProductQuantizer().setSubspaces(4).setSeed(seed);
    FlashProductQuantizerModel expected = quantizer.setEngine("cpu").fit(rows);
    FlashProductQuantizerModel actual = quantizer.setEngine("gpu").fit(rows);
    for (int m = 0; m < 4; m++) {
      assertThat(actual.codebook(m).centroids())
          .as("subspace %d, seed %d", m, seed)
          .isEqualTo(expected.codebook(m).centroids());
    }
    assertThat(actual.summary().collectAsList()).isEqualTo(expected.summary().collectAsList());
  }
}
