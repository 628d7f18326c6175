package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.NearestSearch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The screen of the {@link CpuEngine} for one row at a time. Three of the four points of a register
 * tile are idle, which costs little: reading the centroids takes as long.
 */
public final class ScreenedSearch implements NearestSearch {
  private final PackedCentroids packed;
  private final ThreadLocal<Scratch> scratch;

  /** Needs the module {@code jdk.incubator.vector}. */
  public ScreenedSearch(Centroids centroids) {
    TileKernel kernel = TileShape.choose();
    int dimension = centroids.dimension();
    this.packed = new PackedCentroids(centroids, kernel);
    this.scratch = ThreadLocal.withInitial(() -> new Scratch(kernel, dimension));
  }

  /**
   * One thread's row and working memory. It must not know the search: threads hold it as long as
   * they live, and would hold the search, its own key, for ever.
   */
  private static final class Scratch {
    final ByteBuffer bytes;
    final HostRows row;
    final TileRows rows;
    final Assigner assigner;
    final int[] assignment = new int[1];
    final float[] bound = new float[1];

    Scratch(TileKernel kernel, int dimension) {
      bytes = ByteBuffer.allocateDirect(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      row = new HostRows(bytes, 1, dimension, ElementType.FLOAT32);
      rows = new TileRows(PointTile.QUAD, dimension);
      assigner =
          new Assigner(
              kernel, new PairDistances(dimension), PointTile.QUAD, dimension, new TileClock());
    }
  }

  @Override
  public int nearest(float[] row) {
    Scratch mine = scratch.get();
    mine.bytes.asFloatBuffer().put(row);
    mine.rows.load(mine.row, 0, 1);
    mine.assigner.assign(mine.rows, packed, mine.assignment, mine.bound);
    return mine.assignment[0];
  }
}
