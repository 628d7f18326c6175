package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.PassPlan;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What a pass does with the rows of a strip, a few tiles of one chunk: all are screened, or where
 * bounds are kept from the iteration before only those that the bounds leave open. Made for a pass,
 * used by all threads.
 *
 * @param packed the plan's centroids
 * @param previous the centroids before, to find assignments that are not kept; null where there
 *     were none
 * @param kept counts the rows that bounds decided
 */
record TileRun(
    PassPlan plan,
    PackedCentroids packed,
    Supplier<PackedCentroids> previous,
    SumPool sums,
    LongAdder kept) {

  /** Does rows [from, from + count) of a chunk. */
  void run(TileWorker worker, ChunkWork work, int from, int count) throws InterruptedException {
    worker.clock().start();
    worker.open().clear();
    int size = TileWorker.tileRows(plan.scale().dimension());
    for (int at = from; at < from + count; at += size) {
      worker.tile().load(work.rows, at, Math.min(size, from + count - at));
      if (work.moves == null) {
        screen(worker, work);
      } else {
        keep(worker, work);
      }
    }
    decideOpen(worker, work);
  }

  private void screen(TileWorker worker, ChunkWork work) throws InterruptedException {
    Tile tile = worker.tile();
    worker.assign(tile, packed);
    if (previous == null) {
      worker.recallNothing(tile);
    } else if (work.kept == null) {
      worker.recallFrom(tile, previous.get());
    } else {
      worker.recall(tile, work.kept.assignments());
    }
    settle(worker, tile, work);
  }

  private void keep(TileWorker worker, ChunkWork work) throws InterruptedException {
    Tile tile = worker.tile();
    worker.recall(tile, work.kept.assignments());
    System.arraycopy(tile.previous, 0, tile.assigned, 0, tile.count());
    worker.measure(tile, plan.centroids());
    worker.clock().summed();
    worker.carry(tile, work.kept.bounds(), work.moves);
    int done = 0;
    int open = 0;
    while (done < tile.count()) {
      int before = worker.open().count();
      done = worker.collect(tile, work.moves, done);
      open += worker.open().count() - before;
      if (worker.open().full()) {
        decideOpen(worker, work);
      }
    }
    kept.add(tile.count() - open);
    settle(worker, tile, work);
  }

  private void decideOpen(TileWorker worker, ChunkWork work) throws InterruptedException {
    Tile open = worker.open();
    if (open.count() == 0) {
      return;
    }
    worker.clock().summed();
    worker.assign(open, packed);
    for (int point = 0; point < open.count(); point++) {
      if (open.assigned[point] != open.previous[point]) {
        open.distances[point] = Tile.UNKNOWN;
      }
    }
    settle(worker, open, work);
    open.clear();
  }

  private void settle(TileWorker worker, Tile tile, ChunkWork work) throws InterruptedException {
    worker.measure(tile, plan.centroids());
    RowSums accumulator = sums.take();
    try {
      work.moved.addAndGet(worker.settle(tile, work, plan.sums(), accumulator));
    } finally {
      sums.give(accumulator);
    }
    worker.clock().summed();
  }
}
