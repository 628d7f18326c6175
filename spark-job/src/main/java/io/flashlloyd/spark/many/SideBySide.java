package io.flashlloyd.spark.many;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;

/**
 * Runs calls on several threads that are all part of one Spark task: engines see the GPUs that
 * Spark gave the task, and passes of several fits meet on them.
 */
final class SideBySide implements AutoCloseable {
  private final TaskContext task = TaskContext.get();
  private final ExecutorService threads;

  /**
   * @param count of threads; 1 is the caller
   */
  SideBySide(int count) {
    this.threads = count == 1 ? null : Executors.newFixedThreadPool(count, SideBySide::daemon);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "flashlloyd-group");
    thread.setDaemon(true);
    return thread;
  }

  /** What the calls return, in their order, once all have ended; throws what the first threw. */
  <T> List<T> run(List<? extends Callable<T>> calls) {
    List<Future<T>> futures = new ArrayList<>();
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Callable<T> call : calls) {
      futures.add(threads == null ? null : threads.submit(() -> within(call)));
    }
    for (int i = 0; i < futures.size(); i++) {
      try {
        results.add(threads == null ? calls.get(i).call() : futures.get(i).get());
      } catch (Exception e) {
        failure = failure == null ? asItWas(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private <T> T within(Callable<T> call) throws Exception {
    TaskContext$.MODULE$.setTaskContext(task);
    try {
      return call.call();
    } finally {
      TaskContext$.MODULE$.unset();
    }
  }

  private static RuntimeException asItWas(Exception e) {
    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
    if (cause instanceof Error error) {
      throw error;
    }
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("A group's fit failed: " + cause.getMessage(), cause);
  }

  /** Waits until no thread works any more: then what they work on may be freed. */
  @Override
  public void close() {
    if (threads == null) {
      return;
    }
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
