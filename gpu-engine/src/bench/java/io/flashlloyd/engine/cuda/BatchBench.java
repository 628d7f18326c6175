package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The batched rows of the paper's table: members of one shape, one launch for all. */
final class BatchBench {
  private final CudaEngine engine;
  private final BenchShape shape;
  private final List<HostRows> rows = new ArrayList<>();
  private final List<SumScale> scales;
  private List<Centroids> centroids;

  /** Makes rows, and as centroids the means after one iteration. */
  BatchBench(CudaEngine engine, BenchShape shape) {
    this.engine = engine;
    this.shape = shape;
    for (int member = 0; member < shape.members(); member++) {
      rows.add(rows(member));
    }
    this.scales = rows.parallelStream().map(BatchBench::scale).toList();
    this.centroids = rows.stream().map(one -> shape.centroids(List.of(one))).toList();
    List<PartialSums> sums = new ArrayList<>();
    pass(lloyd(false), sums);
    this.centroids =
        IntStream.range(0, rows.size())
            .mapToObj(i -> PaperBench.means(centroids.get(i), sums.get(i), scales.get(i)))
            .toList();
  }

  private HostRows rows(int member) {
    ElementType type = shape.type();
    ByteBuffer values =
        ByteBuffer.allocateDirect(shape.n() * shape.d() * type.bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    SyntheticRows.gaussian(values, shape.n(), shape.d(), type, 1000L + member);
    return new HostRows(values, shape.n(), shape.d(), type);
  }

  private static SumScale scale(HostRows rows) {
    RowStatistics statistics = new RowStatistics(rows.dimension());
    statistics.add(rows);
    return SumScale.of(statistics);
  }

  /** The plans of an iteration; its previous centroids are the same. */
  private List<PassPlan> lloyd(boolean again) {
    return IntStream.range(0, rows.size())
        .mapToObj(
            i -> PassPlan.lloyd(centroids.get(i), again ? centroids.get(i) : null, scales.get(i)))
        .toList();
  }

  private List<PassPlan> assign() {
    return IntStream.range(0, rows.size())
        .mapToObj(i -> PassPlan.assign(centroids.get(i), scales.get(i)))
        .toList();
  }

  PaperBench.Times timeAssign() {
    return pass(assign(), new ArrayList<>());
  }

  PaperBench.Times timeIteration() {
    return pass(lloyd(true), new ArrayList<>());
  }

  /** One pass of each member, all together. */
  private PaperBench.Times pass(List<PassPlan> plans, List<PartialSums> sums) {
    long before = engine.gathering().launches();
    long start = System.nanoTime();
    List<CudaPass> passes = plans.stream().map(plan -> (CudaPass) engine.begin(plan)).toList();
    List<BatchMember> members =
        IntStream.range(0, passes.size())
            .parallel()
            .mapToObj(i -> new BatchMember(passes.get(i), i, rows.get(i), null))
            .toList();
    for (BatchMember member : members) {
      var unused = member.pass.gather(member);
    }
    engine.gathering().add(members);
    StageSeconds stages = StageSeconds.NONE;
    for (CudaPass pass : passes) {
      sums.add(pass.finish());
      stages = stages.plus(pass.stages());
    }
    double wall = (System.nanoTime() - start) / 1e6;
    if (engine.gathering().launches() != before + 1) {
      throw new IllegalStateException("The members did not fit one launch");
    }
    return new PaperBench.Times(PaperBench.millis(stages), Map.of(), wall);
  }

  /** Each member by itself, with every centroid tried in float64, against all together. */
  String verify() {
    List<PartialSums> assigned = new ArrayList<>();
    List<PartialSums> actual = new ArrayList<>();
    pass(assign(), assigned);
    pass(lloyd(true), actual);
    CudaOptions options = CudaOptions.device(0).withTierBytes(0).withScreen(ScreenChoice.NONE);
    try (CudaEngine oracle = CudaEngine.open(options)) {
      for (int i = 0; i < rows.size(); i++) {
        PassPlan plan = PassPlan.lloyd(centroids.get(i), null, scales.get(i));
        PartialSums expected = PaperBench.pass(oracle, List.of(rows.get(i)), plan);
        if (!PaperBench.same(actual.get(i), assigned.get(i), expected)) {
          return "DIFFERENT in member " + i;
        }
      }
      return "equal";
    }
  }

  void forget() {
    for (int i = 0; i < rows.size(); i++) {
      engine.forget(i);
    }
  }
}
