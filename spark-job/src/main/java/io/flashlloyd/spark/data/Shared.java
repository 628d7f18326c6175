package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.lang.ref.SoftReference;
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
   * Values of this process by the broadcast pieces they were read from: the tasks of an executor
   * share one value, which may take gigabytes, as they share its bytes. Softly, since nobody comes
   * to remove the last one.
   */
  private static final Map<byte[][], Read> READ = Collections.synchronizedMap(new WeakHashMap<>());

  /** A value, read at its first use and again where memory was needed; each has its own lock. */
  private static final class Read {
    private SoftReference<Object> known;

    Read(Object known) {
      this.known = new SoftReference<>(known);
    }

    synchronized Object value(byte[][] pieces) {
      Object value = known.get();
      if (value == null) {
        value = JavaBytes.read(pieces);
        known = new SoftReference<>(value);
      }
      return value;
    }
  }

  private final Broadcast<byte[][]> pieces;
  private final transient T local;

  private Shared(Broadcast<byte[][]> pieces, T local) {
    this.pieces = pieces;
    this.local = local;
  }

  /** Shares the value, which must not change afterwards, with the executors. */
  public static <T> Shared<T> broadcast(JavaSparkContext spark, T value) {
    byte[][] pieces = JavaBytes.piecesOf(value);
    READ.put(pieces, new Read(value)); // for tasks of this process
    return new Shared<>(spark.broadcast(pieces), null);
  }

  /** Shares the value, which must not change afterwards, within this process. */
  static <T> Shared<T> local(T value) {
    return new Shared<>(null, value);
  }

  /** The value, not to be changed; from any thread. All tasks of a process get the same. */
  @SuppressWarnings("unchecked") // what these pieces were made of
  public T value() {
    return pieces == null ? local : (T) read(pieces.value());
  }

  /** What the pieces were made of, read once; other values are read meanwhile. */
  static Object read(byte[][] pieces) {
    return READ.computeIfAbsent(pieces, unread -> new Read(null)).value(pieces);
  }

  /** Frees the value in all executors. */
  @Override
  public void close() {
    if (pieces != null) {
      pieces.destroy();
    }
  }
}
