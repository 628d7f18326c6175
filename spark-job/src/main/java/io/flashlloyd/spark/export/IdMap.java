package io.flashlloyd.spark.export;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code ids/*.parquet} ({@code row} long, {@code id}): what rows are called, for stores that can
 * only take their numbers.
 */
final class IdMap {
  static final String FOLDER = "ids";

  private IdMap() {}

  /** Writes the folder. */
  static void write(SparkSession spark, AssignedSplits splits, String folder) {
    boolean texts = splits.namedByText();
    StructType schema =
        new StructType()
            .add("row", DataTypes.LongType, false)
            .add("id", texts ? DataTypes.StringType : DataTypes.LongType, false);
    List<Integer> all = IntStream.range(0, splits.assignments().size()).boxed().toList();
    JavaRDD<Row> rows =
        new JavaSparkContext(spark.sparkContext())
            .parallelize(all, all.size())
            .flatMap(split -> new SplitIds(splits, split));
    spark.createDataFrame(rows, schema).write().parquet(folder + "/" + FOLDER);
  }

  /** The ids of one split, a portion at a time. */
  private static final class SplitIds implements Iterator<Row> {
    private static final int PORTION = 8192;

    private final BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE);
    private final IdReader ids;
    private long row;
    private Iterator<Row> portion = new ArrayList<Row>().iterator();

    SplitIds(AssignedSplits splits, int split) throws IOException {
      ids = splits.source().openIds(split, memory);
      row = splits.source().dataset().splits().get(split).firstRow();
    }

    @Override
    public boolean hasNext() {
      if (!portion.hasNext()) {
        portion = next(PORTION).iterator();
      }
      return portion.hasNext();
    }

    private List<Row> next(int most) {
      List<Row> rows = new ArrayList<>();
      try {
        Ids some = ids.next(most);
        if (some == null) {
          ids.close();
          memory.close();
          return rows;
        }
        for (int i = 0; i < some.rows(); i++) {
          Object id = some.type() == IdType.STRING ? some.text(i) : (Object) some.number(i);
          rows.add(RowFactory.create(row++, id));
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e.getMessage(), e);
      }
      return rows;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      return portion.next();
    }
  }
}
