package io.flashlloyd.spark.data;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A value that every executor gets once. The driver owns it and closes it when no task needs it any
 * more; a task's copy belongs to the task.
 *
 * @param <T> serializable
 */
public final class Shared<T> implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[][]> pieces;

  private Shared(Broadcast<byte[][]> pieces) {
    this.pieces = pieces;
  }

  /** Shares the value, which must not change afterwards. */
  public static <T> Shared<T> of(JavaSparkContext spark, T value) {
    return new Shared<>(spark.broadcast(JavaBytes.piecesOf(value)));
  }

  /** A new copy of the value; to be called once in a task. */
  public T value() {
    return JavaBytes.read(pieces.value());
  }

  /** Frees the value in all executors. */
  @Override
  public void close() {
    pieces.destroy();
  }
}
