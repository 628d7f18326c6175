package io.flashlloyd.spark.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sorting in several ranges, which small inputs would not be cut into. */
class SortedRowsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int SPLITS = 4;

  @TempDir private Path folder;

  private record Item(int cluster, long id, float value) implements Serializable {}

  @Test
  void shouldSortRangesByListAndThenByRow() throws IOException {
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      int k = 5 + random.nextInt(10);
      List<Item> expected = new ArrayList<>();
      AssignedSplits splits = splits(random, k, expected, "seed-" + seed);
      expected.sort(Comparator.comparing(Item::cluster).thenComparing(Item::id));
      int[] starts = {0, 1 + random.nextInt(k - 2), k - 1, k};
      ClusterRanges ranges = new ClusterRanges(starts);

      JavaRDD<InternalRow> sorted =
          SortedRows.of(LocalSpark.session(), splits, ranges, true, Progress.Stage.silent())
              .internal()
              .toJavaRDD();
      List<List<Item>> parts = sorted.map(SortedRowsTest::item).glom().collect();
      List<Item> joined =
          new InOrderRdd(sorted.rdd()).toJavaRDD().map(SortedRowsTest::item).collect();

      assertThat(parts).as("seed %d", seed).hasSize(ranges.count());
      for (int r = 0; r < parts.size(); r++) {
        int range = r;
        assertThat(parts.get(r)).allMatch(item -> ranges.of(item.cluster()) == range);
      }
      assertThat(joined).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static Item item(InternalRow row) {
    return new Item(row.getInt(0), row.getLong(1), row.getArray(2).toFloatArray()[1]);
  }

  /** Files of 2-d rows whose second coordinate is the row number, and random assignments. */
  private AssignedSplits splits(Random random, int k, List<Item> items, String name)
      throws IOException {
    Path vectors = Files.createDirectories(folder.resolve(name + "/vectors"));
    Path assignments = Files.createDirectories(folder.resolve(name + "/assignments"));
    int row = 0;
    for (int split = 0; split < SPLITS; split++) {
      int rows = 1 + random.nextInt(300);
      float[] values = new float[rows * 2];
      IntBuffer clusters = IntBuffer.allocate(rows);
      FloatBuffer distances = FloatBuffer.allocate(rows);
      for (int i = 0; i < rows; i++) {
        values[2 * i + 1] = row + i;
        clusters.put(i, random.nextInt(k));
        distances.put(i, row + i); // all centroids are 0
        items.add(new Item(clusters.get(i), row + i, row + i));
      }
      CentroidFiles.write(
          VectorFormat.FBIN, vectors + "/" + split + ".fbin", values, rows, 2, HADOOP);
      String file = assignments + "/part-%06d-00000-7.parquet".formatted(split);
      try (AssignmentWriter writer = AssignmentWriter.open(file, HADOOP, IdType.ROW_NUMBER)) {
        writer.write(Ids.rowNumbers(row, rows), clusters, distances);
        writer.commit();
      }
      row += rows;
    }
    VectorDataset dataset = VectorDataset.open(InputSpec.of(vectors.toString()), HADOOP);
    List<String> files =
        IntStream.range(0, SPLITS)
            .mapToObj(split -> assignments + "/part-%06d-00000-7.parquet".formatted(split))
            .toList();
    return find(new FileSource(dataset, HADOOP), files, k).orElseThrow();
  }

  private static Optional<AssignedSplits> find(FileSource source, List<String> files, int k) {
    Centroids zeros = new Centroids(new float[2 * k], k, 2);
    return AssignedSplits.find(source, files, Shared.broadcast(LocalSpark.context(), zeros));
  }

  @Test
  void shouldTellFilesThatAreNotCutAsTheInput() throws IOException {
    AssignedSplits splits = splits(new Random(1), 5, new ArrayList<>(), "cut");
    List<String> files = new ArrayList<>(splits.assignments());
    assertThat(find(splits.source(), files, 5)).isPresent();
    files.add(files.get(0).replace("part-000000-00000-7", "part-000004-00000-9"));
    assertThat(find(splits.source(), files, 5)).isEmpty();
    assertThat(find(splits.source(), splits.assignments().subList(0, 3), 5)).isEmpty();
    assertThat(IntStream.range(0, SPLITS)).hasSize(splits.assignments().size());
  }
}
