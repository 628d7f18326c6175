package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.store.ChunkStore;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** DataFrames that cannot be clustered: the error names column, partition and row. */
class FlashKMeansInputTest {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, true);
  private static final DataType VECTOR = SQLDataTypes.VectorType();

  @Test
  void shouldRefuseNullVectors() {
    refuse(
        frame(FLOATS, floats(1, 2), null),
        "column features, partition 0, row 1: the vector is null (expected a vector");
    refuse(
        frame(VECTOR, null, Vectors.dense(1, 2)),
        "column features, partition 0, row 0: the vector is null (expected a vector");
  }

  @Test
  void shouldRefuseNullElements() {
    refuse(
        frame(FLOATS, floats(1, 2), new Float[] {1f, null}),
        "column features, partition 0, row 1, column 1: the value is null (expected a");
  }

  @Test
  void shouldRefuseNumbersThatAreNotFinite() {
    refuse(
        frame(FLOATS, floats(1, 2), floats(Float.NaN, 2)),
        "column features, partition 0, row 1, column 0: the value is NaN");
    refuse(
        frame(VECTOR, Vectors.dense(1, Double.NEGATIVE_INFINITY)),
        "column features, partition 0, row 0, column 1: the value is -Infinity");
    refuse(
        frame(VECTOR, Vectors.sparse(3, new int[] {2}, new double[] {Double.NaN})),
        "column features, partition 0, row 0, column 2: the value is NaN");
    refuse(
        frame(VECTOR, Vectors.dense(1, 1e39)),
        "column features, partition 0, row 0, column 1: the value is Infinity");
  }

  @Test
  void shouldFreeWhatWasReadBeforeTheRowThatIsRefused() {
    List<Row> rows =
        IntStream.range(0, 20_000)
            .mapToObj(i -> RowFactory.create(Vectors.dense(i, i == 19_999 ? Double.NaN : 1)))
            .toList();
    StructType schema = new StructType().add("features", VECTOR);
    Dataset<Row> frame = LocalSpark.session().createDataFrame(rows, schema).repartition(8);
    long before = ChunkStore.used().memoryBytes();

    refuse(frame, "the value is NaN");

    await(() -> ChunkStore.used().memoryBytes() == before);
  }

  /** Tasks that were beside the one that failed end a little later. */
  private static void await(BooleanSupplier done) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still not after 20 s").isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void shouldRefuseVectorsOfDifferentLength() {
    refuse(
        frame(FLOATS, floats(1, 2), floats(1, 2, 3)),
        "column features, partition 0, row 1: the vector has 3 values (expected 2)");
    refuse(
        frame(FLOATS, floats(1, 2)).union(frame(FLOATS, floats(1, 2, 3))).repartition(2),
        "Rows have different lengths: ");
    refuse(
        frame(FLOATS, new Float[0], new Float[0]),
        "column features, partition 0, row 0: the vector has no values (expected at least one)");
  }

  @Test
  void shouldRefuseAFrameWithoutRows() {
    refuse(
        frame(FLOATS),
        "Column features has no rows (expected at least one vector); check what the DataFrame");
  }

  @Test
  void shouldRefuseColumnsThatAreNoVectors() {
    Dataset<Row> frame = frame(FLOATS, floats(1, 2));
    assertThatThrownBy(() -> new FlashKMeans().setFeaturesCol("embedding").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column embedding does not exist (the DataFrame has: id, features)");
    assertThatThrownBy(() -> new FlashKMeans().setFeaturesCol("id").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column id has type int (expected a vector, array<float> or array<double>)");
  }

  @Test
  void shouldRefuseAPredictionColumnThatExists() {
    Dataset<Row> frame = frame(FLOATS, floats(1, 2));
    assertThatThrownBy(() -> new FlashKMeans().setPredictionCol("id").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column id already exists (set predictionCol to another name)");
  }

  private static Object floats(float... values) {
    Float[] boxed = new Float[values.length];
    for (int t = 0; t < values.length; t++) {
      boxed[t] = values[t];
    }
    return boxed;
  }

  private static Dataset<Row> frame(DataType type, Object... features) {
    List<Row> rows = Arrays.stream(features).map(value -> RowFactory.create(0, value)).toList();
    return Frames.frame(type, rows);
  }

  private static void refuse(Dataset<Row> frame, String message) {
    assertThatThrownBy(() -> new FlashKMeans().fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
