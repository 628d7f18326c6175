package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.StageSeconds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Small passes of several threads, run together. A pass over a thousand rows takes the device as
 * long as its fifteen launches take the driver; so one thread takes all chunks that such passes
 * have fed, runs them as the problems of one launch of each kernel, and while the device is busy
 * with them the next ones gather. What runs together is a matter of time, but sums are exact: no
 * result depends on it.
 */
final class Gathering implements AutoCloseable {
  /** Places of one launch; bounds the scratch memory. */
  private static final int MOST_PLACES = 1 << 23;

  /** Sums of one launch: 8 bytes for each coordinate of a padded centroid. */
  private static final long MOST_COORDINATES = 1L << 27;

  /** A pass of more multiply-adds is worth launches of its own. */
  private static final long SMALL = 1L << 34;

  private static final int SMALL_ROWS = 1 << 20;

  private final CudaEngine engine;
  private final LinkedBlockingQueue<List<Problem>> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private long launches;

  Gathering(CudaEngine engine) {
    this.engine = engine;
    this.thread = new Thread(this::work, "flashlloyd-gpu-gathering");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether a chunk of so many rows is too small to run by itself. */
  static boolean small(int rows, long centroidCoordinates) {
    return rows <= SMALL_ROWS && rows * centroidCoordinates <= SMALL;
  }

  /** Runs these as soon as the device is free, with others that come until then. */
  void add(List<Problem> problems) {
    waiting.add(problems);
  }

  /** How often many problems were run together so far, for tests. */
  long launches() {
    synchronized (engine) {
      return launches;
    }
  }

  private void work() {
    try {
      while (true) {
        List<List<Problem>> gathered = new ArrayList<>();
        gathered.add(waiting.take());
        waiting.drainTo(gathered);
        run(gathered.stream().flatMap(List::stream).toList());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the engine was closed
    }
  }

  private void run(List<Problem> problems) {
    List<Problem> left = new ArrayList<>(problems);
    while (!left.isEmpty()) {
      List<Problem> together = new ArrayList<>();
      List<Problem> alone = new ArrayList<>();
      // Where choosing fails none can be run: each is told, or its pass would wait for ever.
      List<Problem> atStake = left;
      try {
        synchronized (engine) {
          engine.work().context().makeCurrent();
          left = choose(left, together, alone);
          atStake = together;
          if (!together.isEmpty()) {
            runTogether(together);
          }
        }
      } catch (RuntimeException | Error e) {
        atStake.forEach(problem -> problem.done.completeExceptionally(e));
        if (atStake == left) {
          return;
        }
      }
      alone.forEach(Gathering::runAlone);
    }
  }

  private static void runAlone(Problem problem) {
    var unused =
        problem
            .pass
            .feedAlone(problem.chunkId, problem.rows, problem.outputs)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    problem.done.complete(null);
                  } else {
                    problem.done.completeExceptionally(failure);
                  }
                });
  }

  /**
   * Those of the first one's kind that fit one launch, and those that cannot be run with others:
   * their previous assignments are unknown, or their rows do not stay on the device. Returns the
   * rest.
   */
  private List<Problem> choose(List<Problem> from, List<Problem> together, List<Problem> alone) {
    List<Problem> rest = new ArrayList<>();
    Set<DeviceChunk> chunks = new HashSet<>();
    Problem.Kind kind = from.get(0).kind;
    long places = 0;
    long coordinates = 0;
    engine.store().nothingInUse();
    for (Problem problem : from) {
      long own = (long) problem.tiles() * KernelShapes.TILE_CENTROIDS * kind.dimension();
      boolean first = together.isEmpty();
      if (!problem.kind.equals(kind)
          || !first
              && (places + problem.places() > MOST_PLACES
                  || coordinates + own > MOST_COORDINATES)) {
        rest.add(problem);
        continue;
      }
      problem.chunk = engine.chunk(problem.chunkId, problem.rows);
      if (chunks.contains(problem.chunk)) {
        rest.add(problem);
      } else if (!engine.canGather(problem)) {
        alone.add(problem);
      } else {
        chunks.add(problem.chunk);
        together.add(problem);
        places += problem.places();
        coordinates += own;
      }
    }
    return rest;
  }

  private void runTogether(List<Problem> problems) {
    launches++;
    problems.forEach(engine::frame);
    StageTimes times = new StageTimes();
    DeviceWork work = engine.work();
    try (times;
        ProblemTables tables = new ProblemTables(problems, work)) {
      for (int i = 0; i < problems.size(); i++) {
        engine.load(problems.get(i), tables.shift(i), times);
      }
      tables.describe(work);
      engine.pipeline().many(tables).run(times);
      List<PartialSums> sums = tables.read(work);
      StageSeconds share = times.seconds().dividedBy(problems.size());
      for (int i = 0; i < problems.size(); i++) {
        Problem problem = problems.get(i);
        engine.readOutputs(problem);
        problem.chunk.assignedTo = problem.plan().centroids();
        problem.pass.addStages(share);
        problem.done.complete(sums.get(i));
      }
    } finally {
      problems.forEach(Problem::close);
    }
  }

  /** No pass is open. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
