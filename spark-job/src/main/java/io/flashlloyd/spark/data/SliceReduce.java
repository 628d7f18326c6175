package io.flashlloyd.spark.data;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;

/**
 * A reduce whose values are too large to meet in one place: pieces of one slice go to one reducer,
 * and the driver fetches what these make of them, a few slices at a time.
 */
public final class SliceReduce {
  /** Slices that are on their way to the driver together. */
  private static final int TOGETHER = 4;

  private SliceReduce() {}

  /** A task's result as it travels: pieces, each with the number of its slice. */
  public static <R, P> Iterator<Tuple2<Integer, byte[]>> pieces(
      R result, Slicing<R, P, ?> slicing) {
    return new Iterator<>() {
      private int index = -1;
      private Iterator<P> slice = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return slice.hasNext() || index + 1 < slicing.count();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        if (!hasNext()) {
          throw new NoSuchElementException("all slices have been cut");
        }
        if (!slice.hasNext()) {
          slice = slicing.cut(result, ++index);
        }
        return new Tuple2<>(index, JavaBytes.of(slice.next()));
      }
    };
  }

  /**
   * Gives the joined slices, in their order, to the taker.
   *
   * @param pieces of every task, as above
   */
  public static <P, S> void run(
      RDD<Tuple2<Integer, byte[]>> pieces,
      Slicing<?, P, S> slicing,
      VectorRows.SliceTaker<S> taker) {
    try (PieceShuffle shuffle = PieceShuffle.of(pieces, slicing.count())) {
      JavaRDD<byte[]> joined =
          shuffle
              .pieces()
              .mapPartitionsWithIndex((index, slice) -> join(index, slice, slicing), false);
      fetch(joined, slicing.count(), taker);
    }
  }

  private static <S> void fetch(JavaRDD<byte[]> joined, int count, VectorRows.SliceTaker<S> taker) {
    for (int first = 0; first < count; first += TOGETHER) {
      int end = Math.min(first + TOGETHER, count);
      List<byte[]>[] together = joined.collectPartitions(IntStream.range(first, end).toArray());
      for (int index = first; index < end; index++) {
        taker.take(index, JavaBytes.read(together[index - first].get(0)));
        together[index - first] = null;
      }
    }
  }

  private static <P> Iterator<byte[]> join(
      int index, Iterator<byte[]> slice, Slicing<?, P, ?> slicing) {
    Iterator<P> pieces = mapped(slice, piece -> JavaBytes.<P>read(piece));
    return List.of(JavaBytes.of(slicing.join(index, pieces))).iterator();
  }

  private static <A, B> Iterator<B> mapped(Iterator<A> from, Function<A, B> function) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public B next() {
        return function.apply(from.next());
      }
    };
  }
}
