package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A value for tasks: broadcast, so that every executor gets it once, or, for tasks that are run
 * where they are made, the value itself. Who made it owns it and closes it when no task needs it
 * any more.
 *
 * @param <T> serializable
 */
public final class Shared<T> implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /**
   * Values of this process by the broadcast pieces they were read from, as long as Spark keeps
   * those: the tasks of an executor share one value, which may take gigabytes, as they share its
   * bytes.
   */
  private static final Map<byte[][], Object> READ =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Broadcast<byte[][]> pieces;
  private final transient T local;

  private Shared(Broadcast<byte[][]> pieces, T local) {
    this.pieces = pieces;
    this.local = local;
  }

  /** Shares the value, which must not change afterwards, with the executors. */
  public static <T> Shared<T> broadcast(JavaSparkContext spark, T value) {
    return new Shared<>(spark.broadcast(JavaBytes.piecesOf(value)), null);
  }

  /** Shares the value, which must not change afterwards, within this process. */
  static <T> Shared<T> local(T value) {
    return new Shared<>(null, value);
  }

  /** The value, not to be changed; from any thread. All tasks of a process get the same. */
  @SuppressWarnings("unchecked") // what these pieces were made of
  public T value() {
    return pieces == null
        ? local
        : (T) READ.computeIfAbsent(pieces.value(), read -> JavaBytes.read(read));
  }

  /** Frees the value in all executors. */
  @Override
  public void close() {
    if (pieces != null) {
      pieces.destroy();
    }
  }
}
