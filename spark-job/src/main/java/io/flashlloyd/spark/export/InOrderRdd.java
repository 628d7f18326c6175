package io.flashlloyd.spark.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * All partitions of another RDD in one, from the first to the last: what one file is written from.
 * ({@code coalesce(1)} promises no order.) A partition is computed when the one before is used up.
 */
final class InOrderRdd extends RDD<InternalRow> {
  private static final long serialVersionUID = 1L;

  InOrderRdd(RDD<InternalRow> parent) {
    super(
        parent.context(),
        CollectionConverters.asScala(List.<Dependency<?>>of(new All(parent))).toSeq(),
        ClassTag$.MODULE$.apply(InternalRow.class));
  }

  private static final class All extends NarrowDependency<InternalRow> {
    private static final long serialVersionUID = 1L;
    private final int count;

    All(RDD<InternalRow> parent) {
      super(parent);
      this.count = parent.getNumPartitions();
    }

    @Override
    public scala.collection.immutable.Seq<Object> getParents(int partition) {
      List<Object> all = new ArrayList<>(IntStream.range(0, count).boxed().toList());
      return CollectionConverters.asScala(all).toSeq();
    }
  }

  private record One(int index, List<Partition> parents) implements Partition {}

  @Override
  public Partition[] getPartitions() {
    return new Partition[] {new One(0, new ArrayList<>(Arrays.asList(parent().partitions())))};
  }

  private RDD<InternalRow> parent() {
    return firstParent(ClassTag$.MODULE$.apply(InternalRow.class));
  }

  @Override
  public scala.collection.Iterator<InternalRow> compute(Partition one, TaskContext context) {
    Iterator<Partition> parents = ((One) one).parents().iterator();
    return CollectionConverters.asScala(
        new Iterator<InternalRow>() {
          private scala.collection.Iterator<InternalRow> rows =
              scala.collection.Iterator$.MODULE$.empty();

          @Override
          public boolean hasNext() {
            while (!rows.hasNext() && parents.hasNext()) {
              rows = parent().iterator(parents.next(), context);
            }
            return rows.hasNext();
          }

          @Override
          public InternalRow next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return rows.next();
          }
        });
  }
}
