package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What one pass over some chunks found. */
public record PassRun(
    PartialSums sums, int[] assignments, double[] distances, long unscreenedRows) {
  /** Where nobody asks how many rows were not screened. */
  public PassRun(PartialSums sums, int[] assignments, double[] distances) {
    this(sums, assignments, distances, 0);
  }

  /** Feeds the rows cut into {@code chunks} chunks of about one size, ids from {@code firstId}. */
  public static PassRun of(
      LloydEngine engine, PassPlan plan, HostRows rows, int chunks, long firstId) {
    int[] assignments = new int[rows.rows()];
    double[] distances = new double[rows.rows()];
    List<CompletableFuture<Void>> fed = new ArrayList<>();
    List<RowOutputs> outputs = new ArrayList<>();
    try (Pass pass = engine.begin(plan)) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        HostRows part =
            TestRows.slice(rows, cut(rows, chunk, chunks), cut(rows, chunk + 1, chunks));
        outputs.add(RowOutputs.allocate(part.rows()));
        fed.add(pass.feed(firstId + chunk, part, outputs.get(chunk)));
      }
      PartialSums sums = pass.finish();
      for (int chunk = 0; chunk < chunks; chunk++) {
        fed.get(chunk).join();
        int from = cut(rows, chunk, chunks);
        int count = cut(rows, chunk + 1, chunks) - from;
        outputs.get(chunk).assignments().get(0, assignments, from, count);
        outputs.get(chunk).distances().get(0, distances, from, count);
      }
      return new PassRun(sums, assignments, distances, pass.unscreenedRows());
    }
  }

  private static int cut(HostRows rows, int chunk, int chunks) {
    return (int) ((long) rows.rows() * chunk / chunks);
  }

  /** Fails unless both have the same bits. */
  public void assertSameAs(PassRun expected, String what) {
    assertThat(assignments).as("assignments, %s", what).isEqualTo(expected.assignments);
    assertThat(distances).as("distances, %s", what).isEqualTo(expected.distances);
    assertSameSums(expected.sums, what);
  }

  /** Fails unless the sums have the same bits. */
  public void assertSameSums(PartialSums expected, String what) {
    assertThat(sums.counts()).as("counts, %s", what).isEqualTo(expected.counts());
    assertThat(sums.low()).as("low limbs, %s", what).isEqualTo(expected.low());
    assertThat(sums.high()).as("high limbs, %s", what).isEqualTo(expected.high());
    assertThat(sums.odd()).as("odd sums, %s", what).isEqualTo(expected.odd());
    assertThat(sums.cost()).as("cost, %s", what).isEqualTo(expected.cost());
    assertThat(sums.rows()).as("rows, %s", what).isEqualTo(expected.rows());
    assertThat(sums.movedRows()).as("moved rows, %s", what).isEqualTo(expected.movedRows());
  }
}
