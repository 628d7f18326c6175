package io.flashlloyd.engine;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One pass of an engine over any number of chunks. Used by one thread; several passes may run on
 * one engine at a time.
 */
public interface Pass extends AutoCloseable {
  /**
   * Hands a chunk to the engine and returns, after waiting where too much is in flight already. The
   * memory of {@code rows} and {@code outputs} is the engine's until the future completes; then it
   * holds the results, or the failure that {@link #finish} will throw as well.
   *
   * @param chunkId names these rows on this engine, in this pass and later ones, until {@link
   *     LloydEngine#forget}; a chunk is fed once in a pass
   * @param outputs where to write each row's assignment and distance, or null
   */
  CompletableFuture<Void> feed(long chunkId, HostRows rows, RowOutputs outputs);

  /**
   * Feeds a chunk whose rows the engine has kept since another pass: nobody need have them in host
   * memory.
   *
   * @param outputs as for {@link #feed}
   * @return empty where it has not kept them, or not any more: nothing was fed then
   */
  default Optional<CompletableFuture<Void>> feedResident(long chunkId, RowOutputs outputs) {
    return Optional.empty();
  }

  /**
   * Those of the chunks that {@link #feedResident} would take now. It may have changed by the time
   * that it is asked to; any thread.
   */
  default Set<Long> residentAmong(Collection<Long> chunkIds) {
    return Set.of();
  }

  /** Waits for all that was fed and returns its combined sums; the pass is over. */
  PartialSums finish();

  /**
   * What the pass took by stage, as far as the engine can tell stages apart; to be asked after
   * {@link #finish}.
   */
  default StageSeconds stages() {
    return StageSeconds.NONE;
  }

  /**
   * Rows that kept their centroid by bounds of the pass before, without a look at any other
   * centroid; to be asked after {@link #finish}.
   */
  default long unscreenedRows() {
    return 0;
  }

  /**
   * Ends the pass; waits until the engine has let go of all that was fed. Nothing after {@link
   * #finish}.
   */
  @Override
  void close();
}
