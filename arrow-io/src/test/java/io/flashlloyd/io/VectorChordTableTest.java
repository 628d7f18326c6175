package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.lists.UpperLevel;
import io.flashlloyd.io.lists.VectorChordTable;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables' shape; that PostgreSQL loads them is for VectorStoreIT to see. */
class VectorChordTableTest {
  @TempDir Path folder;

  @Test
  void shouldLeaveTheRootOfOneLevelToVectorChord() throws IOException {
    assertThat(csv(matrix(1, -0.5f, 3e-9f, 4), null))
        .isEqualTo("0,,\"{1.0,-0.5}\"\n1,,\"{3.0E-9,4.0}\"\n");
  }

  @Test
  void shouldGiveOneCentroidARoot() throws IOException {
    assertThat(csv(matrix(1, 2), null)).isEqualTo("0,1,\"{1.0,2.0}\"\n1,,\"{1.0,2.0}\"\n");
  }

  @Test
  void shouldPutEveryLeafAtTheSameDepth() throws IOException {
    UpperLevel upper = new UpperLevel(matrix(0, 0, 9, 9, 4, 6), new int[] {2, 0, 2});
    assertThat(csv(matrix(4, 4, 1, 1, 5, 5), upper))
        .isEqualTo(
            """
            0,5,"{4.0,4.0}"
            1,3,"{1.0,1.0}"
            2,5,"{5.0,5.0}"
            3,6,"{0.0,0.0}"
            5,6,"{4.0,6.0}"
            6,,"{2.0,3.0}"
            """);
  }

  @Test
  void shouldSayHowToLoadAndBuild() throws IOException {
    VectorChordTable.write(
        folder.toString(), matrix(1, 2, 3, 4), null, IndexMetric.INNER_PRODUCT, HADOOP);
    assertThat(Files.readString(folder.resolve("load.sql")))
        .contains(
            "CREATE TABLE flashlloyd_centroids (",
            "\\copy flashlloyd_centroids FROM 'centroids.csv' WITH (FORMAT csv)",
            "USING vchordrq (embedding vector_cosine_ops)",
            "residual_quantization = false",
            "table = 'public.flashlloyd_centroids'");
  }

  private String csv(CentroidMatrix centroids, UpperLevel upper) throws IOException {
    VectorChordTable.write(folder.toString(), centroids, upper, IndexMetric.L2, HADOOP);
    return Files.readString(folder.resolve("centroids.csv"));
  }

  private static CentroidMatrix matrix(float... values) {
    return new CentroidMatrix(values, values.length / 2, 2);
  }
}
