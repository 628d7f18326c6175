package io.flashlloyd.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * A pass over data that has odd values ({@link io.flashlloyd.engine.exact.SumScale}), around an
 * engine's own, which need not know of them: what one adds to the two limbs is known, be it wrapped
 * or rounded, and can be taken away again ({@link
 * io.flashlloyd.engine.exact.FixedPoint#addWide}). So the odd values of a chunk are found once,
 * their rows' clusters are learnt from the pass, and at its end they are moved from the limbs to
 * sums of their own. Chunks without any take no part.
 */
final class OddPass implements Pass {
  private record Found(OddValues values, int[] clusters) {}

  private final Pass pass;
  private final PassPlan plan;
  private final OddStore store;
  private final Queue<Found> found = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<Void>> fed = new ArrayList<>();

  OddPass(Pass pass, PassPlan plan, OddStore store) {
    this.pass = pass;
    this.plan = plan;
    this.store = store;
  }

  @Override
  public CompletableFuture<Void> feed(long chunkId, HostRows rows, RowOutputs outputs) {
    plan.check(chunkId, rows, outputs);
    OddValues odd = store.of(chunkId, rows, plan.scale());
    if (odd.count() == 0) {
      return pass.feed(chunkId, rows, outputs);
    }
    RowOutputs learnt = outputs == null ? RowOutputs.allocate(rows.rows()) : outputs;
    return learn(odd, learnt, pass.feed(chunkId, rows, learnt));
  }

  private CompletableFuture<Void> learn(
      OddValues odd, RowOutputs outputs, CompletableFuture<Void> done) {
    CompletableFuture<Void> learnt =
        done.thenRun(() -> found.add(new Found(odd, odd.clusters(outputs.assignments()))));
    fed.add(learnt);
    return learnt;
  }

  /** Chunks that have odd values come from the host. */
  @Override
  public Optional<CompletableFuture<Void>> feedResident(long chunkId, RowOutputs outputs) {
    return hasNone(chunkId) ? pass.feedResident(chunkId, outputs) : Optional.empty();
  }

  @Override
  public Set<Long> residentAmong(Collection<Long> chunkIds) {
    return pass.residentAmong(chunkIds.stream().filter(this::hasNone).collect(Collectors.toList()));
  }

  private boolean hasNone(long chunkId) {
    return store.of(chunkId, plan.scale()).map(odd -> odd.count() == 0).orElse(false);
  }

  @Override
  public PartialSums finish() {
    PartialSums sums = pass.finish();
    fed.forEach(CompletableFuture::join);
    found.forEach(odd -> odd.values().moveApart(sums, odd.clusters()));
    return sums;
  }

  @Override
  public StageSeconds stages() {
    return pass.stages();
  }

  @Override
  public long unscreenedRows() {
    return pass.unscreenedRows();
  }

  @Override
  public void close() {
    pass.close();
  }
}
