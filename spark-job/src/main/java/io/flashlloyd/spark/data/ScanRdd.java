package io.flashlloyd.spark.data;

import io.flashlloyd.spark.store.SplitContent;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * One task for each group of splits; each gives what its {@link TaskOutput} makes of its result, as
 * it travels. A DataFrame's partition is computed only where the executor's store does not hold its
 * chunks.
 *
 * @param <T> bytes, or pairs with bytes
 */
final class ScanRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final String dataset;
  private final VectorSource source;
  private final transient List<TaskSplits> groups;
  private final transient Map<Integer, SplitContent> contents;
  private final TaskOutput<T> output;
  private final LongAccumulator progress;

  /** Runs a task over its chunks and puts the result into bytes, one by one as they are taken. */
  interface TaskOutput<T> extends Serializable {
    Iterator<T> run(TaskChunks chunks) throws IOException;
  }

  /**
   * @param contents what splits held when they were read before, by number
   */
  ScanRdd(
      SparkContext context,
      String dataset,
      VectorSource source,
      List<TaskSplits> groups,
      Map<Integer, SplitContent> contents,
      TaskOutput<T> output,
      LongAccumulator progress) {
    super(context, dependencies(source, groups), ClassTag$.MODULE$.apply(Object.class));
    this.dataset = dataset;
    this.source = source;
    this.groups = groups;
    this.contents = contents;
    this.output = output;
    this.progress = progress;
  }

  private static scala.collection.immutable.Seq<Dependency<?>> dependencies(
      VectorSource source, List<TaskSplits> groups) {
    RDD<InternalRow> parent = source.parent();
    List<Dependency<?>> list =
        parent == null ? List.of() : List.of(new GroupDependency(parent, groups));
    return CollectionConverters.asScala(list).toSeq();
  }

  /** A task depends on the parent partitions of its group. */
  private static final class GroupDependency extends NarrowDependency<InternalRow> {
    private static final long serialVersionUID = 1L;
    private final List<TaskSplits> groups;

    GroupDependency(RDD<InternalRow> parent, List<TaskSplits> groups) {
      super(parent);
      this.groups = List.copyOf(groups);
    }

    @Override
    public scala.collection.immutable.Seq<Object> getParents(int partition) {
      List<Object> parents = List.copyOf(groups.get(partition).splits());
      return CollectionConverters.asScala(parents).toSeq();
    }
  }

  /** A task: the splits it scans, what is in them, and the parent's partitions if there is one. */
  private record ScanPartition(
      int index, List<Integer> splits, Map<Integer, SplitContent> contents, List<Partition> parents)
      implements Partition {}

  @Override
  public Partition[] getPartitions() {
    Partition[] parents = source.parent() == null ? null : source.parent().partitions();
    Partition[] partitions = new Partition[groups.size()];
    for (int i = 0; i < partitions.length; i++) {
      List<Integer> splits = groups.get(i).splits();
      List<Partition> own =
          parents == null ? List.of() : splits.stream().map(split -> parents[split]).toList();
      Map<Integer, SplitContent> known = new HashMap<>();
      for (int split : splits) {
        if (contents.containsKey(split)) {
          known.put(split, contents.get(split));
        }
      }
      partitions[i] = new ScanPartition(i, splits, known, own);
    }
    return partitions;
  }

  @Override
  public scala.collection.immutable.Seq<String> getPreferredLocations(Partition partition) {
    String executor = groups.get(partition.index()).executor();
    List<String> locations = executor == null ? List.of() : List.of(executor);
    return CollectionConverters.asScala(locations).toSeq();
  }

  @Override
  public scala.collection.Iterator<T> compute(Partition partition, TaskContext context) {
    ScanPartition scan = (ScanPartition) partition;
    TaskChunks chunks =
        new TaskChunks(
            dataset,
            scan.splits(),
            scan.contents(),
            source,
            split -> parentRows(scan, split, context),
            progress);
    try {
      return CollectionConverters.asScala(output.run(chunks));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private scala.collection.Iterator<InternalRow> parentRows(
      ScanPartition scan, int split, TaskContext context) {
    for (Partition parent : scan.parents()) {
      if (parent.index() == split) {
        RDD<InternalRow> rows = firstParent(ClassTag$.MODULE$.apply(InternalRow.class));
        return rows.iterator(parent, context);
      }
    }
    return null;
  }
}
