package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.SumScale;
import java.util.List;

/**
 * Every tile shape there is: rows of a tile and of a work item in decide_and_sum, the portable
 * screen beside the best one. Says for each shape of data what the cost model chose, what was best,
 * and how much longer the whole iteration takes than with that.
 */
final class TileBench {
  private static final int[] ITEM_ROWS = {256, 512, 1024, RowScratch.LARGE_ITEM};

  private record Tried(String what, double iteration, double stage) {}

  private final CudaEngine engine;

  TileBench(CudaEngine engine) {
    this.engine = engine;
  }

  void run(List<BenchShape> shapes) {
    for (BenchShape shape : shapes) {
      if (shape.members() == 1) {
        run(shape);
      }
    }
  }

  private void run(BenchShape shape) {
    List<HostRows> chunks = shape.rows();
    SumScale scale = shape.scale(chunks);
    Centroids centroids = PaperBench.laterCentroids(engine, shape, chunks, scale);
    PassPlan plan = PassPlan.lloyd(centroids, centroids, scale);
    AssignPipeline pipeline = engine.pipeline();
    Tried chosen = time("the model's", chunks, plan);
    String choice = pipeline.lastTiles().toString();
    Tried best = chosen;
    for (int tileRows = DecideShape.THREADS; tileRows >= 16; tileRows /= 2) {
      for (int itemRows : ITEM_ROWS) {
        TileChoice tiles = new TileChoice(tileRows, itemRows);
        pipeline.force(tiles);
        Tried tried = time(tiles.toString(), chunks, plan);
        System.out.printf(
            "%s %s: iteration %.3f ms, decide and sum %.3f ms%n",
            shape.key(), tried.what(), tried.iteration(), tried.stage());
        best = tried.iteration() < best.iteration() ? tried : best;
      }
    }
    pipeline.force(null);
    System.out.printf(
        "%s: the model chose %s, iteration %.3f ms; best %s, %.3f ms: %.1f %% away%n",
        shape.key(),
        choice,
        chosen.iteration(),
        best.what(),
        best.iteration(),
        100 * (chosen.iteration() / best.iteration() - 1));
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
    }
  }

  private Tried time(String what, List<HostRows> chunks, PassPlan plan) {
    PaperBench.Times times = PaperBench.median(() -> PaperBench.timedPass(engine, chunks, plan));
    return new Tried(what, times.device(), times.stage(StageSeconds.REFINE_AND_SUM));
  }
}
