package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.lists.ClusterLists;
import io.flashlloyd.io.lists.ListWriter;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Index files against the bytes that FAISS 1.7.3 wrote, and every layout over random shapes. */
class ListWriterTest {
  /** k = 3, d = 2, L2; rows 0 to 3 in lists 0, 2, 0, 1 with ids 7, 8, 9, -10: {@code full}. */
  private static final String FULL =
      "4977466c020000000400000000000000000010000000000000001000000000000101000000030000"
          + "00000000000100000000000000497846320200000003000000000000000000100000000000000010"
          + "0000000000010100000006000000000000000000c0bf000000bf0000003f0000c03f000020400000"
          + "6040000000000000000000696c61720300000000000000080000000000000066756c6c0300000000"
          + "000000020000000000000001000000000000000100000000000000000000000000003f0000004000"
          + "002040070000000000000009000000000000000000404000006040f6ffffffffffffff0000803f00"
          + "00c03f0800000000000000";

  /** k = 6, d = 1, inner product; rows 0 to 2 in lists 4, 1, 4 with ids 2^40, 2, 3: sparse. */
  private static final String SPARSE =
      "4977466c010000000300000000000000000010000000000000001000000000000100000000060000"
          + "00000000000100000000000000497846490100000006000000000000000000100000000000000010"
          + "0000000000010000000006000000000000000000c0bf000000bf0000003f0000c03f000020400000"
          + "6040000000000000000000696c617206000000000000000400000000000000737072730400000000"
          + "00000001000000000000000100000000000000040000000000000002000000000000000000003f02"
          + "00000000000000000000000000803f00000000000100000300000000000000";

  private static final String FLAT =
      "49784632020000000300000000000000000010000000000000001000000000000101000000060000"
          + "00000000000000c0bf000000bf0000003f0000c03f0000204000006040";

  @TempDir Path folder;

  @Test
  void shouldWriteIvfFlatAsFaissDoes() throws IOException {
    ClusterLists lists = new ClusterLists(centroids(3, 2), new long[] {2, 1, 1}, IndexMetric.L2);
    String uri = folder.resolve("full.faiss").toString();
    try (ListWriter writer = ListWriter.faissIvfFlat(uri, lists, HADOOP)) {
      writer.add(0, 7, bytes(row(0, 2)), 0);
      writer.add(0, 9, bytes(row(2, 2)), 0);
      writer.add(1, -10, bytes(row(3, 2)), 0);
      writer.add(2, 8, bytes(row(1, 2)), 0);
      assertThat(Path.of(uri)).doesNotExist();
      writer.commit();
    }
    assertThat(hex(uri)).isEqualTo(FULL);
  }

  @Test
  void shouldWriteSparseSizesAsFaissDoes() throws IOException {
    ClusterLists lists =
        new ClusterLists(centroids(6, 1), new long[] {0, 1, 0, 0, 2, 0}, IndexMetric.INNER_PRODUCT);
    String uri = folder.resolve("sparse.faiss").toString();
    try (ListWriter writer = ListWriter.faissIvfFlat(uri, lists, HADOOP)) {
      writer.add(1, 2, bytes(row(1, 1)), 0);
      writer.add(4, 1L << 40, bytes(row(0, 1)), 0);
      writer.add(4, 3, bytes(row(2, 1)), 0);
      writer.commit();
    }
    assertThat(hex(uri)).isEqualTo(SPARSE);
  }

  @Test
  void shouldWriteFlatAsFaissDoes() throws IOException {
    String uri = folder.resolve("flat.faiss").toString();
    CentroidFiles.writeFaissFlat(uri, centroids(3, 2), IndexMetric.L2, HADOOP);
    assertThat(hex(uri)).isEqualTo(FLAT);
  }

  /** More ids than wait in memory: 1.2 million in one list. */
  @Test
  void shouldKeepIdsOfLongListsInOrder() throws IOException {
    int rows = 1_200_000;
    ClusterLists lists = new ClusterLists(centroids(2, 1), new long[] {rows, 1}, IndexMetric.L2);
    String uri = folder.resolve("long.faiss").toString();
    try (ListWriter writer = ListWriter.faissIvfFlat(uri, lists, HADOOP)) {
      for (int i = 0; i < rows; i++) {
        writer.add(0, 3L * i, bytes(new float[] {i}), 0);
      }
      writer.add(1, 5, bytes(new float[] {-1}), 0);
      writer.commit();
    }
    byte[] file = Files.readAllBytes(Path.of(uri));
    ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    end.position(file.length - (rows + 1) * (Float.BYTES + Long.BYTES));
    for (int i = 0; i < rows; i++) {
      assertThat(end.getFloat()).isEqualTo(i);
    }
    for (int i = 0; i < rows; i++) {
      assertThat(end.getLong()).isEqualTo(3L * i);
    }
    assertThat(end.getFloat()).isEqualTo(-1);
    assertThat(end.getLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"NPY", "FVECS", "FBIN"})
  void shouldWriteListsThatReadBack(VectorFormat format) throws Exception {
    for (int trial = 0; trial < 10; trial++) {
      long seed = format.name().hashCode() + (long) trial;
      RandomLists random = new RandomLists(seed);
      Path place = Files.createDirectory(folder.resolve("lists-" + seed));
      try (ListWriter writer = ListWriter.flat(format, place.toString(), random.lists(), HADOOP)) {
        random.addTo(writer, 0, random.lists().k());
        writer.commit();
      }
      String vectors = place.resolve("vectors." + format.optionName()).toString();
      CentroidMatrix read = CentroidFiles.read(vectors, HADOOP);
      assertThat(read.values()).as("seed %d", seed).isEqualTo(random.values());
      assertThat(longs(place.resolve("ids.npy"), random.ids().length)).isEqualTo(random.ids());
      long[] offsets = longs(place.resolve("offsets.npy"), random.lists().k() + 1);
      assertThat(offsets[0]).isZero();
      for (int c = 0; c < random.lists().k(); c++) {
        assertThat(offsets[c + 1] - offsets[c]).isEqualTo(random.lists().sizes()[c]);
      }
    }
  }

  /** In two ranges, as two tasks write them. */
  @Test
  void shouldWriteDiskAnnShards() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      RandomLists random = new RandomLists(seed);
      String prefix = Files.createDirectory(folder.resolve("ann-" + seed)) + "/p";
      int k = random.lists().k();
      for (int[] range : new int[][] {{0, k / 2}, {k / 2, k}}) {
        try (ListWriter writer =
            ListWriter.diskAnn(prefix, random.lists(), range[0], range[1], HADOOP)) {
          random.addTo(writer, range[0], range[1]);
          writer.commit();
        }
      }
      int at = 0;
      for (int c = 0; c < k; c++) {
        int size = (int) random.lists().sizes()[c];
        ByteBuffer vectors = bytes(Path.of(prefix + "_subshard-" + c + ".bin"));
        ByteBuffer ids = bytes(Path.of(prefix + "_subshard-" + c + "_ids_uint32.bin"));
        assertThat(new int[] {vectors.getInt(), vectors.getInt(), ids.getInt(), ids.getInt()})
            .as("seed %d, list %d", seed, c)
            .containsExactly(size, random.lists().dimension(), size, 1);
        for (int i = 0; i < size; i++, at++) {
          assertThat(ids.getInt()).isEqualTo((int) random.ids()[at]);
          for (float value : random.row(at)) {
            assertThat(vectors.getFloat()).isEqualTo(value);
          }
        }
        assertThat(vectors.remaining() + ids.remaining()).isZero();
      }
    }
  }

  @Test
  void shouldRefuseRowNumbersBeyond32BitsForDiskAnn() throws IOException {
    ClusterLists lists = new ClusterLists(centroids(1, 1), new long[] {1}, IndexMetric.L2);
    try (ListWriter writer =
        ListWriter.diskAnn(folder.resolve("p").toString(), lists, 0, 1, HADOOP)) {
      assertThatThrownBy(() -> writer.add(0, 1L << 32, bytes(row(0, 1)), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Row 4294967296 cannot go to DiskANN (expected a number of 0 to");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldRefuseMoreRowsThanAnFbinCounts() {
    ClusterLists lists = new ClusterLists(centroids(1, 1), new long[] {1L << 32}, IndexMetric.L2);
    assertThatThrownBy(() -> ListWriter.flat(VectorFormat.FBIN, folder.toString(), lists, HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4,294,967,296 rows do not fit a .bin file");
  }

  @Test
  void shouldRefuseListsThatAreNotAsAnnounced() throws IOException {
    ClusterLists lists = new ClusterLists(centroids(3, 1), new long[] {1, 2, 0}, IndexMetric.L2);
    String uri = folder.resolve("wrong.faiss").toString();
    try (ListWriter writer = ListWriter.faissIvfFlat(uri, lists, HADOOP)) {
      writer.add(0, 0, bytes(row(0, 1)), 0);
      assertThatThrownBy(() -> writer.add(0, 1, bytes(row(0, 1)), 0))
          .hasMessageContaining("List 0 has more rows than the 1 announced");
      writer.add(1, 1, bytes(row(0, 1)), 0);
      assertThatThrownBy(() -> writer.add(0, 1, bytes(row(0, 1)), 0))
          .hasMessageContaining("A row of list 0 came when list 2 was due");
      assertThatThrownBy(writer::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("List 1 lacks 1 of the 2 rows announced");
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** Lists of random sizes, some empty, and their rows in order. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record RandomLists(ClusterLists lists, long[] ids, float[] values) {
    RandomLists(long seed) {
      this(new Random(seed));
    }

    private RandomLists(Random random) {
      this(lists(random), random);
    }

    private RandomLists(ClusterLists lists, Random random) {
      this(
          lists,
          random.ints(lists.rows(), 0, Integer.MAX_VALUE).asLongStream().toArray(),
          Vectors.random(random, (int) lists.rows() * lists.dimension()));
    }

    private static ClusterLists lists(Random random) {
      int k = 2 + random.nextInt(20);
      long[] sizes = new long[k];
      for (int c = 0; c < k; c++) {
        sizes[c] = random.nextBoolean() ? 0 : random.nextInt(40);
      }
      sizes[random.nextInt(k)] = 3;
      return new ClusterLists(centroids(k, 1 + random.nextInt(70)), sizes, IndexMetric.L2);
    }

    void addTo(ListWriter writer, int first, int end) throws IOException {
      int at = 0;
      for (int c = 0; c < end; c++) {
        for (int i = 0; i < lists.sizes()[c]; i++, at++) {
          if (c >= first) {
            writer.add(c, ids[at], bytes(row(at)), 0);
          }
        }
      }
    }

    float[] row(int at) {
      int d = lists.dimension();
      return java.util.Arrays.copyOfRange(values, at * d, (at + 1) * d);
    }
  }

  private static CentroidMatrix centroids(int k, int dimension) {
    float[] values = new float[k * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = i - 1.5f;
    }
    return new CentroidMatrix(values, k, dimension);
  }

  private static float[] row(int row, int dimension) {
    float[] values = new float[dimension];
    for (int t = 0; t < dimension; t++) {
      values[t] = (row * dimension + t) * 0.5f;
    }
    return values;
  }

  private static byte[] bytes(float[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    return bytes.array();
  }

  private static String hex(String uri) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(Path.of(uri)));
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A one-sided int64 .npy file. */
  private static long[] longs(Path file, int count) throws IOException {
    ByteBuffer bytes = bytes(file);
    byte[] start = new byte[128];
    bytes.get(start);
    String head = new String(start, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(head).contains("'descr': '<i8'", "'shape': (%d,), }".formatted(count));
    assertThat(bytes.capacity()).isEqualTo(128 + count * Long.BYTES);
    long[] values = new long[count];
    bytes.position(128).asLongBuffer().get(values);
    return values;
  }
}
