package io.flashlloyd.io.output;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorReaders;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Centroids to and from files. */
public final class CentroidFiles {
  /** Columns that give a centroid's index: ours, and Spark MLlib's. */
  private static final List<String> INDEX_COLUMNS = List.of("cluster", "clusterIdx");

  /** The one of saved models, which have all indices below k. */
  private static final String SAVED = INDEX_COLUMNS.get(1);

  private CentroidFiles() {}

  /**
   * Reads centroids from a vector file of any format, a folder of them, or a folder that a Spark
   * ML model was saved in. Where there is a column {@code cluster} or {@code clusterIdx}, it gives
   * the order; else the rows' order does.
   *
   * @throws VectorInputException when there are none, too many for memory, or two with one index
   */
  public static CentroidMatrix read(String uri, Configuration hadoop) throws IOException {
    Path path = StoragePath.of(uri);
    SourceFile.fileSystem(path, hadoop);
    return CommittedFolder.reading(path, hadoop, folder -> read(uri, data(uri, folder), hadoop));
  }

  /** A saved Spark ML model keeps its centroids in {@code data/}, beside {@code metadata/}. */
  private static List<String> data(String uri, CommittedFolder folder) throws IOException {
    try {
      return isModel(folder)
          ? folder.files("data").stream().map(Path::toString).toList()
          : List.of(uri);
    } catch (IOException e) {
      throw SourceFile.explain(uri, e);
    }
  }

  /**
   * Whether a folder is a Spark ML model, by the metadata that Spark writes: tables of Iceberg have
   * folders of the same names.
   */
  public static boolean isModel(CommittedFolder folder) throws IOException {
    return folder.has("metadata")
        && folder.has("data")
        && folder.files("metadata").stream().anyMatch(file -> file.getName().startsWith("part-"));
  }

  /** Reads them from these files of {@code data/}, where {@code uri} is a saved model. */
  public static CentroidMatrix read(String uri, List<String> data, Configuration hadoop)
      throws IOException {
    VectorDataset dataset =
        VectorDataset.open(
            new InputSpec(data, null, null, null, InputSpec.DEFAULT_CHUNK_BYTES), hadoop);
    String index =
        INDEX_COLUMNS.stream().filter(dataset.columns()::contains).findFirst().orElse(null);
    if (index != null) {
      InputSpec indexed = new InputSpec(data, null, null, index, InputSpec.DEFAULT_CHUNK_BYTES);
      dataset = VectorDataset.open(indexed, hadoop);
    }
    long size = Math.multiplyExact(dataset.rows(), (long) dataset.dimension());
    if (size > Integer.MAX_VALUE - 8) {
      throw VectorInputException.inFile(
          uri,
          "holds %d x %d values (expected at most %d, as centroids are one array); is it the data?"
              .formatted(dataset.rows(), dataset.dimension(), Integer.MAX_VALUE - 8));
    }
    float[] values = new float[(int) size];
    int dimension = dataset.dimension();
    int k = (int) dataset.rows();
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        try (ChunkReader reader = VectorReaders.open(dataset, split, hadoop, allocator)) {
          readSplit(reader, values, dimension);
        }
      }
      if (index != null) {
        values =
            ordered(
                values, dimension, indices(dataset, hadoop, allocator), SAVED.equals(index), uri);
      }
    }
    return new CentroidMatrix(values, k, dimension);
  }

  /**
   * Writes centroids, beside their place first; an older file is replaced.
   *
   * @param format NPY, FVECS, FBIN, PARQUET (columns cluster int32, vector list of float), or ARROW
   *     (an IPC file with a column {@code _ivf_centroids}, the FixedSizeList that Lance's index
   *     builder takes)
   * @param values [k x dimension]
   */
  public static void write(
      VectorFormat format, String uri, float[] values, int k, int dimension, Configuration hadoop)
      throws IOException {
    CentroidOutput.write(format, uri, new CentroidMatrix(values, k, dimension), hadoop);
  }

  /** Writes centroids as a FAISS IndexFlat, beside its place first; an older file is replaced. */
  public static void writeFaissFlat(
      String uri, CentroidMatrix centroids, IndexMetric metric, Configuration hadoop)
      throws IOException {
    FaissFlat.write(uri, centroids, metric, hadoop);
  }

  private static void readSplit(ChunkReader reader, float[] values, int dimension)
      throws IOException {
    VectorChunk next = reader.next();
    while (next != null) {
      try (VectorChunk chunk = next) {
        ByteBuffer from = chunk.values();
        int at = Math.toIntExact(chunk.firstRow() * dimension);
        int count = chunk.rows() * dimension;
        for (int i = 0; i < count; i++) {
          values[at + i] = chunk.type().get(from, i);
        }
      }
      next = reader.next();
    }
  }

  private static long[] indices(
      VectorDataset dataset, Configuration hadoop, BufferAllocator allocator) throws IOException {
    if (dataset.idType() == IdType.STRING) {
      throw VectorInputException.inFile(
          dataset.files().get(0),
          "its column '%s' holds strings (expected the centroids' indices)"
              .formatted(dataset.spec().idColumn()));
    }
    long[] indices = new long[(int) dataset.rows()];
    int at = 0;
    for (VectorSplit split : dataset.splits()) {
      try (IdReader reader = VectorReaders.openIds(dataset, split, hadoop, allocator)) {
        Ids ids = reader.next(Integer.MAX_VALUE);
        while (ids != null) {
          for (int i = 0; i < ids.rows(); i++) {
            indices[at++] = ids.number(i);
          }
          ids = reader.next(Integer.MAX_VALUE);
        }
      }
    }
    return indices;
  }

  private static float[] ordered(
      float[] values, int dimension, long[] indices, boolean complete, String uri)
      throws VectorInputException {
    Integer[] order = IntStream.range(0, indices.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingLong(row -> indices[row]));
    float[] sorted = new float[values.length];
    for (int i = 0; i < order.length; i++) {
      if (i > 0 && indices[order[i]] == indices[order[i - 1]]) {
        throw VectorInputException.inFile(
            uri,
            "two centroids have index %d (expected each once); is it one model's folder?"
                .formatted(indices[order[i]]));
      }
      if (complete && indices[order[i]] != i) {
        throw VectorInputException.inFile(
            uri,
            "the model has %d centroids, and one has index %d (expected 0 to %d, each once)"
                .formatted(order.length, indices[order[i]], order.length - 1));
      }
      System.arraycopy(values, order[i] * dimension, sorted, i * dimension, dimension);
    }
    return sorted;
  }
}
