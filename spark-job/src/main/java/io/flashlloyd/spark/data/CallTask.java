package io.flashlloyd.spark.data;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Work of the driver as a task, where both are one process: what goes through the rows many times
 * pays for one Spark job, and is cancelled as one. The task travels, as tasks do, and finds its
 * work by name.
 */
final class CallTask implements ScanRdd.TaskOutput<byte[]> {
  private static final long serialVersionUID = 1L;

  private static final Map<String, Call<?>> CALLS = new ConcurrentHashMap<>();

  private final String name;

  private CallTask(String name) {
    this.name = name;
  }

  /** Work, and what came of it once it was run. */
  static final class Call<R> implements AutoCloseable {
    private final String name = UUID.randomUUID().toString();
    private final Function<TaskChunks, R> work;
    private volatile boolean ran;
    private R result;
    private Throwable failure;

    Call(Function<TaskChunks, R> work) {
      this.work = work;
      CALLS.put(name, this);
    }

    CallTask task() {
      return new CallTask(name);
    }

    private void run(TaskChunks chunks) {
      try {
        result = work.apply(chunks);
      } catch (RuntimeException | Error e) {
        failure = e; // for who waits, as it is: Spark would tell them of it in other words
      }
      ran = true;
    }

    /** False where the task was loaded by another class loader than this class, and did nothing. */
    boolean ran() {
      return ran;
    }

    /** What the work returned, or throws what it threw. */
    R result() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
      return result;
    }

    @Override
    public void close() {
      CALLS.remove(name);
    }
  }

  @Override
  public Iterator<byte[]> run(TaskChunks chunks) {
    Call<?> call = CALLS.get(name);
    if (call != null) {
      call.run(chunks);
    }
    return Collections.emptyIterator();
  }
}
