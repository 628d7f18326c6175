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
 * have fed, runs them as the members of one launch of each kernel, and while the device is busy
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
  private final LinkedBlockingQueue<List<BatchMember>> waiting = new LinkedBlockingQueue<>();
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
  void add(List<BatchMember> members) {
    waiting.add(members);
  }

  /** How many batches were run so far. */
  long launches() {
    synchronized (engine) {
      return launches;
    }
  }

  private void work() {
    try {
      while (true) {
        List<List<BatchMember>> gathered = new ArrayList<>();
        gathered.add(waiting.take());
        waiting.drainTo(gathered);
        run(gathered.stream().flatMap(List::stream).toList());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the engine was closed
    }
  }

  private void run(List<BatchMember> members) {
    List<BatchMember> left = new ArrayList<>(members);
    while (!left.isEmpty()) {
      List<BatchMember> together = new ArrayList<>();
      List<BatchMember> alone = new ArrayList<>();
      // Where choosing fails none can be run: each is told, or its pass would wait for ever.
      List<BatchMember> atStake = left;
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
        atStake.forEach(member -> member.done.completeExceptionally(e));
        if (atStake == left) {
          return;
        }
      }
      alone.forEach(Gathering::runAlone);
    }
  }

  private static void runAlone(BatchMember member) {
    var unused =
        member
            .pass
            .feedAlone(member.chunkId, member.rows, member.outputs)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    member.done.complete(null);
                  } else {
                    member.done.completeExceptionally(failure);
                  }
                });
  }

  /**
   * Those of the first one's kind that fit one launch, and those that cannot be run with others:
   * their previous assignments are unknown, or their rows do not stay on the device. Returns the
   * rest.
   */
  private List<BatchMember> choose(
      List<BatchMember> from, List<BatchMember> together, List<BatchMember> alone) {
    List<BatchMember> rest = new ArrayList<>();
    Set<DeviceChunk> chunks = new HashSet<>();
    BatchMember.Kind kind = from.get(0).kind;
    long places = 0;
    long coordinates = 0;
    engine.store().nothingInUse();
    for (BatchMember member : from) {
      long own = (long) member.tiles() * KernelShapes.TILE_CENTROIDS * kind.dimension();
      boolean first = together.isEmpty();
      if (!member.kind.equals(kind)
          || !first
              && (places + member.places() > MOST_PLACES || coordinates + own > MOST_COORDINATES)) {
        rest.add(member);
        continue;
      }
      member.chunk = engine.chunk(member.chunkId, member.rows);
      if (chunks.contains(member.chunk)) {
        rest.add(member);
      } else if (!engine.canGather(member)) {
        alone.add(member);
      } else {
        chunks.add(member.chunk);
        together.add(member);
        places += member.places();
        coordinates += own;
      }
    }
    return rest;
  }

  private void runTogether(List<BatchMember> members) {
    launches++;
    members.forEach(engine::frame);
    StageTimes times = new StageTimes();
    DeviceWork work = engine.work();
    try (times;
        BatchTables tables = new BatchTables(members, work)) {
      for (int i = 0; i < members.size(); i++) {
        engine.load(members.get(i), tables.shift(i), times);
      }
      tables.describe(work);
      engine.pipeline().many(tables).run(times);
      List<PartialSums> sums = tables.read(work);
      StageSeconds share = times.seconds().dividedBy(members.size());
      for (int i = 0; i < members.size(); i++) {
        BatchMember member = members.get(i);
        member.readOutputs(engine.work());
        member.chunk.assignedTo = member.plan().centroids();
        member.pass.addStages(share);
        member.done.complete(sums.get(i));
      }
    } finally {
      members.forEach(BatchMember::close);
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
