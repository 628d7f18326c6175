package io.flashlloyd.spark.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Rows for Spark to sort, a partition for each split. A row's {@code key} is its cluster times the
 * number of all rows plus its own number, so that one long orders rows by list and then as they
 * came.
 */
final class RowRdd extends RDD<InternalRow> {
  private static final long serialVersionUID = 1L;

  private final AssignedSplits splits;
  private final ClusterRanges ranges;
  private final boolean numbered;
  private final long rows;
  private final LongAccumulator progress;

  /**
   * @param numbered whether rows are named by their numbers instead of their ids
   */
  RowRdd(
      SparkContext spark,
      AssignedSplits splits,
      ClusterRanges ranges,
      boolean numbered,
      LongAccumulator progress) {
    super(
        spark,
        CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq(),
        ClassTag$.MODULE$.apply(InternalRow.class));
    this.splits = splits;
    this.ranges = ranges;
    this.numbered = numbered;
    this.rows = splits.source().dataset().rows();
    this.progress = progress;
  }

  /** Columns {@code range} int, {@code key} long, {@code id} long or string, {@code vector}. */
  static StructType schema(boolean texts) {
    return new StructType()
        .add("range", DataTypes.IntegerType, false)
        .add("key", DataTypes.LongType, false)
        .add("id", texts ? DataTypes.StringType : DataTypes.LongType, false)
        .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false), false);
  }

  private record Split(int index) implements Partition {}

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[splits.assignments().size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Split(i);
    }
    return partitions;
  }

  @Override
  public scala.collection.Iterator<InternalRow> compute(Partition split, TaskContext context) {
    try {
      AssignedRows cursor = splits.open(split.index());
      context.addTaskCompletionListener(
          ended -> {
            try {
              cursor.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e.getMessage(), e);
            }
          });
      return CollectionConverters.asScala(new Rows(cursor));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The cursor as Spark's rows. */
  private final class Rows implements Iterator<InternalRow> {
    private final AssignedRows cursor;
    private boolean ahead;
    private boolean more;

    Rows(AssignedRows cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean hasNext() {
      if (!ahead) {
        try {
          more = cursor.next();
        } catch (IOException e) {
          throw new UncheckedIOException(e.getMessage(), e);
        }
        ahead = true;
      }
      return more;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ahead = false;
      progress.add(1);
      int cluster = cursor.cluster();
      Object id;
      if (numbered) {
        id = cursor.row();
      } else if (cursor.namedByText()) {
        id = UTF8String.fromString(cursor.text());
      } else {
        id = cursor.number();
      }
      return new GenericInternalRow(
          new Object[] {
            ranges.of(cluster),
            cluster * rows + cursor.row(),
            id,
            UnsafeArrayData.fromPrimitiveArray(cursor.vector())
          });
    }
  }
}
