package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a process that has not made a broadcast's value reads of it. */
class SharedTest {
  private static final CyclicBarrier BOTH = new CyclicBarrier(2);
  private static final AtomicInteger TIMES_READ = new AtomicInteger();

  /** The common pool may have one thread only. */
  private static final Executor THREADS = task -> new Thread(task).start();

  /** A value whose reading waits until another one is being read. */
  private static final class Met implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws IOException {
      try {
        BOTH.await(20, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw (InvalidObjectException) new InvalidObjectException("none beside it").initCause(e);
      }
    }
  }

  /** A value that counts how often it is read, and takes its time. */
  private static final class Counted implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws IOException {
      TIMES_READ.incrementAndGet();
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw (InvalidObjectException) new InvalidObjectException("interrupted").initCause(e);
      }
    }
  }

  @Test
  void shouldReadTwoValuesAtTheSameTime() {
    CompletableFuture<Object> first = reading(pieces(new Met()));
    CompletableFuture<Object> second = reading(pieces(new Met()));

    assertThat(first.join()).isInstanceOf(Met.class).isNotSameAs(second.join());
  }

  @Test
  void shouldReadAValueOnceForAllTasks() {
    byte[][] pieces = pieces(new Counted());
    CompletableFuture<Object> first = reading(pieces);
    CompletableFuture<Object> second = reading(pieces);

    assertThat(first.join()).isInstanceOf(Counted.class).isSameAs(second.join());
    assertThat(Shared.read(pieces)).isSameAs(first.join());
    assertThat(TIMES_READ).hasValue(1);
  }

  private static byte[][] pieces(Object value) {
    LocalSpark.session(); // has the serializer
    return JavaBytes.piecesOf(value);
  }

  private static CompletableFuture<Object> reading(byte[][] pieces) {
    return CompletableFuture.supplyAsync(() -> Shared.read(pieces), THREADS);
  }
}
