package io.flashlloyd.spark.export;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.output.IdTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * {@code ids/*.parquet} ({@code row} long, {@code id}): what rows are called, for stores that can
 * only take their numbers. A file for each split.
 */
final class IdMap {
  static final String FOLDER = "ids";

  private IdMap() {}

  /** Writes the folder. */
  static void write(JavaSparkContext spark, AssignedSplits splits, String folder) {
    List<Integer> all = splits.numbers();
    spark.parallelize(all, all.size()).foreach(split -> write(splits, split, folder));
  }

  private static void write(AssignedSplits splits, int split, String folder) throws IOException {
    String name = String.format(Locale.ROOT, "%s/%s/part-%06d.parquet", folder, FOLDER, split);
    long firstRow = splits.source().dataset().splits().get(split).firstRow();
    try (BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE);
        IdReader ids = splits.source().openIds(split, memory)) {
      IdType type = splits.namedByText() ? IdType.STRING : IdType.INT64;
      IdTable.write(name, firstRow, ids, type, splits.source().hadoop());
    }
  }
}
