package io.flashlloyd.spark.export;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.lists.ClusterLists;
import io.flashlloyd.io.lists.ListWriter;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Which files hold the lists and their centroids.
 *
 * @param format one of those that lists can be written in
 * @param folder where
 * @param texts whether rows are named by texts
 */
record ListFiles(
    ExportFormat format, String folder, boolean texts, SerializableConfiguration hadoop)
    implements Serializable {
  private static final String DISKANN_PREFIX = "diskann";

  /** Whether each range of clusters has files of its own, so that tasks write side by side. */
  boolean parallel() {
    return format == ExportFormat.DISKANN || format == ExportFormat.PARQUET;
  }

  /** Opens the files of range {@code range}: lists {@code first} to {@code end} (exclusive). */
  ListWriter open(ClusterLists lists, int range, int first, int end) throws IOException {
    Configuration configuration = hadoop.value();
    return switch (format) {
      case FAISS_IVFFLAT -> ListWriter.faissIvfFlat(folder + "/index.faiss", lists, configuration);
      case DISKANN ->
          ListWriter.diskAnn(folder + "/" + DISKANN_PREFIX, lists, first, end, configuration);
      case NPY, FVECS, FBIN ->
          ListWriter.flat(VectorFormat.parse(format.optionName()), folder, lists, configuration);
      case PARQUET -> {
        String file = String.format(Locale.ROOT, "%s/lists/part-%05d.parquet", folder, range);
        yield ListWriter.parquet(file, lists, first, end, texts, configuration);
      }
      default -> throw noLists();
    };
  }

  /** Writes the file of centroids that the format has beside its lists. */
  void writeCentroids(CentroidMatrix centroids) throws IOException {
    switch (format) {
      case FAISS_IVFFLAT -> {} // the index holds them
      case DISKANN -> write(VectorFormat.FBIN, DISKANN_PREFIX + "_centroids.bin", centroids);
      case NPY, FVECS, FBIN, PARQUET ->
          write(
              VectorFormat.parse(format.optionName()),
              "centroids." + format.optionName(),
              centroids);
      default -> throw noLists();
    }
  }

  private void write(VectorFormat in, String file, CentroidMatrix centroids) throws IOException {
    CentroidFiles.write(
        in,
        folder + "/" + file,
        centroids.values(),
        centroids.k(),
        centroids.dimension(),
        hadoop.value());
  }

  private IllegalArgumentException noLists() {
    return new IllegalArgumentException(
        "Format %s has no lists of its own".formatted(format.optionName()));
  }
}
