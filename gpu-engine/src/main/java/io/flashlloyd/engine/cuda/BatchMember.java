package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.exact.CostSum;
import java.util.concurrent.CompletableFuture;

/**
 * A chunk of a pass as a member of a batch, many clusterings run together: struct Problem of
 * problems.cuh. What the constructor does not set is set when it is queued, under the engine's
 * lock.
 */
final class BatchMember {
  /** Members of one kind are run by the same kernels. */
  record Kind(ElementType type, int dimension, boolean weighted, boolean wide, boolean fast) {}

  final CudaPass pass;
  final long chunkId;
  final HostRows rows;
  final RowOutputs outputs;
  final Kind kind;
  final int costBase;

  /** Its sums; null where the pass took the chunk by itself after all. */
  final CompletableFuture<PartialSums> done = new CompletableFuture<>();

  DeviceChunk chunk;
  ScreenFrame frame;
  RowSlice slice;
  DeviceBuffer distances;

  BatchMember(CudaPass pass, long chunkId, HostRows rows, RowOutputs outputs) {
    this.pass = pass;
    this.chunkId = chunkId;
    this.rows = rows;
    this.outputs = outputs;
    PassPlan plan = pass.plan();
    boolean weighted = rows.weights() != null;
    this.kind =
        new Kind(
            rows.type(),
            rows.dimension(),
            weighted,
            plan.scale().wide(),
            !weighted
                && rows.dimension() <= DecideShape.MAX_FAST_DIMENSION
                && DeviceTotals.fast(plan, rows.type()));
    this.costBase = DeviceTotals.costBase(plan.scale());
  }

  /** Brings the row outputs that it is asked for; waits for all that was queued. */
  void readOutputs(DeviceWork work) {
    if (outputs == null) {
      return;
    }
    work.staging()
        .copyOut(
            chunk.assignments,
            0,
            4L * rows.rows(),
            (piece, offset) ->
                outputs
                    .assignments()
                    .put((int) (offset / 4), piece.asIntBuffer(), 0, piece.remaining() / 4),
            work.stream());
    work.staging()
        .copyOut(
            distances,
            0,
            8L * rows.rows(),
            (piece, offset) ->
                outputs
                    .distances()
                    .put((int) (offset / 8), piece.asDoubleBuffer(), 0, piece.remaining() / 8),
            work.stream());
  }

  /** Frees what it had while it was queued. */
  void close() {
    if (distances != null) {
      distances.close();
      distances = null;
    }
  }

  PassPlan plan() {
    return pass.plan();
  }

  int k() {
    return plan().centroids().k();
  }

  int tiles() {
    return KernelShapes.tiles(k());
  }

  /** Places of a launch that its rows take, with those that pad the last tile. */
  int places() {
    return KernelShapes.ceilDiv(rows.rows(), BatchTables.PLACES_PER_TILE)
        * BatchTables.PLACES_PER_TILE;
  }

  /** Longs of its totals: see collect_totals. */
  long resultLongs() {
    long sums = plan().sums().ofCoordinates() ? (long) k() * kind.dimension() : 0;
    return sums * (kind.wide() ? 2 : 1) + (1L + CostSum.LIMBS) * k() + 1;
  }

  /** Where its totals, which begin at byte {@code begin}, go. */
  void read(Segments results, long begin, PartialSums sums, long[] moved) {
    long at = begin;
    for (long[] values :
        new long[][] {sums.low(), sums.high(), sums.counts(), moved, sums.cost()}) {
      if (values != null) {
        results.read(at, values);
        at += 8L * values.length;
      }
    }
  }
}
