package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.executor.ChunkNotes;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.store.StoredChunk;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Finds rows' nearest candidates: by what this process knows of them where it does, which takes
 * nothing or the new candidates, else by all. Whatever it knows, the result is the same. Used by
 * one thread but for {@link #residentAmong}.
 */
final class NearestPass implements AutoCloseable {
  private final CandidatePlan plan;
  private final LloydEngine engine;
  private Pass toFresh;
  private Pass toAll;

  NearestPass(CandidatePlan plan, LloydEngine engine) {
    this.plan = plan;
    this.engine = engine;
  }

  /** Of a chunk whose memory is in use until the future completes. */
  CompletableFuture<Nearest> of(StoredChunk chunk) {
    return find(
            chunk.id(),
            chunk.rows().rows(),
            (pass, found) -> Optional.of(pass.feed(chunk.id(), chunk.rows(), found)))
        .orElseThrow();
  }

  /** Of a chunk that is known or that the engine has kept; empty where neither is so. */
  Optional<CompletableFuture<Nearest>> ofResident(long chunkId, int rows) {
    return find(chunkId, rows, (pass, found) -> pass.feedResident(chunkId, found));
  }

  private Optional<CompletableFuture<Nearest>> find(
      long chunkId,
      int rows,
      BiFunction<Pass, RowOutputs, Optional<CompletableFuture<Void>>> feed) {
    Nearest known = ChunkNotes.get(chunkId, Nearest.class);
    if (plan.isDone(known)) {
      return Optional.of(CompletableFuture.completedFuture(known));
    }
    RowOutputs found = RowOutputs.allocate(rows);
    boolean lacksFresh = plan.lacksFresh(known);
    // What follows is on other threads than the engine's, which has more chunks to do.
    return feed.apply(lacksFresh ? toFresh() : toAll(), found)
        .map(
            fed ->
                fed.thenApplyAsync(
                    done -> keep(chunkId, lacksFresh ? plan.of(known, found) : plan.of(found))));
  }

  private static Nearest keep(long chunkId, Nearest nearest) {
    ChunkNotes.put(chunkId, nearest);
    ExecutorEngine.countAssigned(nearest.candidates().length);
    return nearest;
  }

  /** Those of the chunks that {@link #ofResident} would take, were it asked now; any thread. */
  Set<Long> residentAmong(Collection<Long> chunkIds) {
    return (plan.generation() == 0 ? toAll() : toFresh()).residentAmong(chunkIds);
  }

  private synchronized Pass toFresh() {
    if (toFresh == null) {
      toFresh = engine.begin(plan.toFresh());
    }
    return toFresh;
  }

  private synchronized Pass toAll() {
    if (toAll == null) {
      toAll = engine.begin(plan.toAll());
    }
    return toAll;
  }

  /** Ends the passes; throws what went wrong in them. */
  synchronized void finish() {
    if (toFresh != null) {
      toFresh.finish();
    }
    if (toAll != null) {
      toAll.finish();
    }
  }

  @Override
  public synchronized void close() {
    if (toFresh != null) {
      toFresh.close();
    }
    if (toAll != null) {
      toAll.close();
    }
  }
}
