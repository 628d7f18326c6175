package io.flashlloyd.spark.data;

import java.util.Iterator;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * A reduce whose values are too large to meet in one place: slices of one number go to one reducer,
 * and the driver fetches the merged ones in turn.
 */
final class SliceReduce {
  private SliceReduce() {}

  /**
   * The merged slices, in their order.
   *
   * @param results each partition gives {@code slicing.count()} slices, in order
   */
  static <R> Iterator<byte[]> run(JavaRDD<byte[]> results, Slicing<R> slicing) {
    JavaPairRDD<Integer, byte[]> numbered = results.mapPartitionsToPair(SliceReduce::number);
    // No combining before the shuffle: a task has one slice of each number.
    return numbered
        .combineByKey(
            slice -> slice,
            (a, b) -> merge(slicing, a, b),
            (a, b) -> merge(slicing, a, b),
            new HashPartitioner(slicing.count()),
            false,
            SparkEnv.get().serializer())
        .values()
        .toLocalIterator();
  }

  private static Iterator<Tuple2<Integer, byte[]>> number(Iterator<byte[]> slices) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return slices.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        return new Tuple2<>(next++, slices.next());
      }
    };
  }

  private static <R> byte[] merge(Slicing<R> slicing, byte[] a, byte[] b) {
    return JavaBytes.of(slicing.merge(JavaBytes.<R>read(a), JavaBytes.<R>read(b)));
  }
}
