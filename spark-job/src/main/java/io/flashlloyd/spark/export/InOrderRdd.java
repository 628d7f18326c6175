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
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * All partitions of another RDD in one, from the first to the last: what one file is written from.
 * ({@code coalesce(1)} promises no order.) A partition is computed when the one before is used up.
 */
final class InOrderRdd extends RDD<RangeRows> {
  private static final long serialVersionUID = 1L;

  InOrderRdd(RDD<RangeRows> parent) {
    super(
        parent.context(),
        CollectionConverters.asScala(List.<Dependency<?>>of(new All(parent))).toSeq(),
        ClassTag$.MODULE$.apply(RangeRows.class));
  }

  private static final class All extends NarrowDependency<RangeRows> {
    private static final long serialVersionUID = 1L;
    private final int count;

    All(RDD<RangeRows> parent) {
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

  private RDD<RangeRows> parent() {
    return firstParent(ClassTag$.MODULE$.apply(RangeRows.class));
  }

  @Override
  public scala.collection.Iterator<RangeRows> compute(Partition one, TaskContext context) {
    Iterator<Partition> parents = ((One) one).parents().iterator();
    return CollectionConverters.asScala(
        new Iterator<RangeRows>() {
          private scala.collection.Iterator<RangeRows> rows =
              scala.collection.Iterator$.MODULE$.empty();

          @Override
          public boolean hasNext() {
            while (!rows.hasNext() && parents.hasNext()) {
              rows = parent().iterator(parents.next(), context);
            }
            return rows.hasNext();
          }

          @Override
          public RangeRows next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return rows.next();
          }
        });
  }
}
