package io.flashlloyd.spark.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.lists.ClusterLists;
import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows in ranges of lists, which small inputs would not be cut into, by way of an .fbin export. */
class ScatteredRowsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String SPILL = "spark.shuffle.spill.numElementsForceSpillThreshold";

  @TempDir private Path folder;

  /** Rows of one coordinate, their own number modulo 256, and random lists. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Rows(int k, int[] clusters) {
    static Rows random(long seed, int k) {
      Random random = new Random(seed);
      return new Rows(k, random.ints(500 + random.nextInt(500), 0, k).toArray());
    }

    static float value(int row) {
      return row % 256;
    }

    long[] sizes() {
      long[] sizes = new long[k];
      for (int cluster : clusters) {
        sizes[cluster]++;
      }
      return sizes;
    }

    /** Row numbers by list, and in a list as they are. */
    List<Integer> sorted() {
      return IntStream.range(0, k)
          .boxed()
          .flatMap(
              list -> IntStream.range(0, clusters.length).filter(r -> clusters[r] == list).boxed())
          .toList();
    }
  }

  /** In one file and in several, as float32 and bytes, in few ranges and in one for each list. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldWriteTheSameListsHoweverRowsAreCut(long seed) throws IOException {
    Rows rows = Rows.random(seed, 3 + new Random(seed).nextInt(10));
    ClusterRanges few = new ClusterRanges(new int[] {0, 2, rows.k() - 1, rows.k()});
    ClusterRanges each = new ClusterRanges(IntStream.rangeClosed(0, rows.k()).toArray());
    for (int files : new int[] {1, 3, 17}) {
      for (String format : List.of("fbin", "u8bin")) {
        assertWritten(rows, splits(rows, files, format), few);
        assertWritten(rows, splits(rows, files, format), each);
      }
    }
  }

  /** Where Spark sorts what a task writes, instead of opening a file for each range. */
  @Test
  void shouldWriteManyRanges() throws IOException {
    Rows rows = Rows.random(4, 300);
    ClusterRanges each = new ClusterRanges(IntStream.rangeClosed(0, 300).toArray());
    assertWritten(rows, splits(rows, 3, "fbin"), each);
  }

  /** A list that memory does not hold is put in order with local files. */
  @Test
  void shouldSortWithFilesWhatIsTooLarge() throws IOException {
    Rows rows = Rows.random(5, 2);
    LocalSpark.session(); // there is an environment with it
    SparkEnv.get().conf().set(SPILL, "2");
    try {
      assertWritten(rows, splits(rows, 17, "fbin"), new ClusterRanges(new int[] {0, 1, 2}));
    } finally {
      SparkEnv.get().conf().remove(SPILL);
    }
  }

  private void assertWritten(Rows rows, AssignedSplits splits, ClusterRanges ranges)
      throws IOException {
    Path place = Files.createTempDirectory(folder, "out");
    CentroidMatrix zeros = new CentroidMatrix(new float[rows.k()], rows.k(), 1);
    ClusterLists lists = new ClusterLists(zeros, rows.sizes(), IndexMetric.L2);
    ListFiles files =
        new ListFiles(
            ExportFormat.FBIN, place.toString(), false, new SerializableConfiguration(HADOOP));
    try (Shared<ClusterLists> shared = Shared.broadcast(LocalSpark.context(), lists);
        ScatteredRows scattered =
            ScatteredRows.of(LocalSpark.context(), splits, ranges, true, Progress.Stage.silent())) {
      new InOrderRdd(scattered.ranges().rdd())
          .toJavaRDD()
          .foreachPartition(new ListTask(files, shared, ClusterRanges.all(rows.k())));
    }
    ByteBuffer ids = bytes(place.resolve("ids.npy")).position(128);
    ByteBuffer vectors = bytes(place.resolve("vectors.fbin")).position(8);
    List<Integer> found = new ArrayList<>();
    while (ids.hasRemaining()) {
      found.add((int) ids.getLong());
      assertThat(vectors.getFloat()).isEqualTo(Rows.value(found.get(found.size() - 1)));
    }
    assertThat(found).as("%s", splits.source().dataset().files()).isEqualTo(rows.sorted());
    assertThat(vectors.hasRemaining()).isFalse();
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The rows in so many files of about the same length. */
  private AssignedSplits splits(Rows rows, int files, String format) throws IOException {
    Path vectors = Files.createTempDirectory(folder, "vectors");
    Path assignments = Files.createTempDirectory(folder, "assignments");
    List<String> written = new ArrayList<>();
    int all = rows.clusters().length;
    for (int file = 0; file < files; file++) {
      int from = all * file / files;
      int count = all * (file + 1) / files - from;
      boolean wide = VectorFormat.parse(format) == VectorFormat.FBIN;
      ByteBuffer out = ByteBuffer.allocate(8 + count * 4).order(ByteOrder.LITTLE_ENDIAN);
      out.putInt(count).putInt(1);
      FloatBuffer distances = FloatBuffer.allocate(count);
      for (int row = from; row < from + count; row++) {
        distances.put(row - from, Rows.value(row)); // all centroids are 0
        if (wide) {
          out.putFloat(Rows.value(row));
        } else {
          out.put((byte) (int) Rows.value(row));
        }
      }
      Files.write(
          vectors.resolve("%02d.%s".formatted(file, format)),
          java.util.Arrays.copyOf(out.array(), out.position()));
      String uri = assignments + "/part-%06d-00000-7.parquet".formatted(file);
      try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, IdType.ROW_NUMBER)) {
        IntBuffer clusters = IntBuffer.wrap(rows.clusters(), from, count).slice();
        writer.write(Ids.rowNumbers(from, count), clusters, distances);
        writer.commit();
      }
      written.add(uri);
    }
    VectorDataset dataset = VectorDataset.open(InputSpec.of(vectors.toString()), HADOOP);
    return find(new FileSource(dataset, HADOOP), written, rows.k()).orElseThrow();
  }

  private static Optional<AssignedSplits> find(FileSource source, List<String> files, int k) {
    Centroids zeros = new Centroids(new float[k], k, 1);
    return AssignedSplits.find(source, files, Shared.broadcast(LocalSpark.context(), zeros));
  }

  @Test
  void shouldTellFilesThatAreNotCutAsTheInput() throws IOException {
    AssignedSplits splits = splits(Rows.random(1, 5), 4, "fbin");
    List<String> files = new ArrayList<>(splits.assignments());
    assertThat(find(splits.source(), files, 5)).isPresent();
    files.add(files.get(0).replace("part-000000-00000-7", "part-000004-00000-9"));
    assertThat(find(splits.source(), files, 5)).isEmpty();
    assertThat(find(splits.source(), splits.assignments().subList(0, 3), 5)).isEmpty();
    assertThat(splits.numbers()).containsExactly(0, 1, 2, 3);
  }
}
