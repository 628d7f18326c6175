package io.flashlloyd.spark.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Pieces of bytes on their way to the partitions whose numbers they have. Files that Spark made on
 * the way are there until this is closed.
 */
public final class PieceShuffle implements AutoCloseable {
  /** Where a task gets its pieces. */
  public interface Source extends AutoCloseable {
    /** The next pieces, each with the number of its partition; null at the end. */
    Iterator<Tuple2<Integer, byte[]>> next() throws IOException;

    @Override
    void close() throws IOException;
  }

  private final ShuffledRDD<Integer, byte[], byte[]> shuffled;

  private PieceShuffle(
      RDD<Tuple2<Integer, byte[]>> pieces, int partitions, PieceSerializer serializer) {
    ClassTag<Integer> number = ClassTag$.MODULE$.apply(Integer.class);
    ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
    // No combining before the shuffle: a task has each piece once.
    this.shuffled =
        new ShuffledRDD<Integer, byte[], byte[]>(
                pieces, new HashPartitioner(partitions), number, bytes, bytes)
            .setSerializer(serializer);
  }

  /** The pieces of a source, made as they are wanted; it is closed when the task ends. */
  public static Iterator<Tuple2<Integer, byte[]>> from(Source source) {
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                ended -> {
                  try {
                    source.close();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e.getMessage(), e);
                  }
                });
    return new Iterator<>() {
      private Iterator<Tuple2<Integer, byte[]>> made = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        try {
          while (made != null && !made.hasNext()) {
            made = source.next();
          }
          return made != null;
        } catch (IOException e) {
          throw new UncheckedIOException(e.getMessage(), e);
        }
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return made.next();
      }
    };
  }

  /** Pieces that come in any order. */
  public static PieceShuffle of(RDD<Tuple2<Integer, byte[]>> pieces, int partitions) {
    return new PieceShuffle(pieces, partitions, new PieceSerializer(false));
  }

  /**
   * Pieces that begin with a number (int64, big-endian), by which those of a partition are sorted:
   * in memory, or with local files where they are too many.
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the serializer gives them Longs for keys
  public static PieceShuffle sorted(RDD<Tuple2<Integer, byte[]>> pieces, int partitions) {
    PieceShuffle sorted = new PieceShuffle(pieces, partitions, new PieceSerializer(true));
    Comparator<Integer> ascending = (Comparator) Comparator.<Long>naturalOrder();
    sorted.shuffled.setKeyOrdering(Ordering$.MODULE$.comparatorToOrdering(ascending));
    return sorted;
  }

  /** The pieces, partition by partition. */
  public JavaRDD<byte[]> pieces() {
    return shuffled.toJavaRDD().map(Tuple2::_2);
  }

  /** Without this the files of every pass stay until the driver's garbage is collected. */
  @Override
  public void close() {
    SparkContext spark = shuffled.sparkContext();
    if (!spark.isStopped() && spark.cleaner().isDefined()) {
      int id = ((ShuffleDependency<?, ?, ?>) shuffled.dependencies().head()).shuffleId();
      // Nobody waits for executors that may be gone.
      spark.cleaner().get().doCleanupShuffle(id, false);
    }
  }
}
