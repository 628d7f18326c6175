package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import io.flashlloyd.spark.checkpoint.CheckpointedFit;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An estimator leaves checkpoints and takes them up, as the command does. */
class FitCheckpointsTest {
  private static final int REACHED = 3;

  @TempDir private Path folder;
  private final Dataset<Row> data = Frames.floats(Frames.rows(700, 5, 11), false);

  @Test
  void shouldGoOnFromWhatAFitThatDiedReachedToTheSameBits() throws IOException {
    FlashKMeansModel whole = estimator().fit(data);
    assertThat(whole.summary().numIter()).isGreaterThan(REACHED + 1);
    leaveCheckpoint();

    FlashKMeansModel resumed = estimator().setCheckpointURI(place()).setResume(true).fit(data);

    assertThat(resumed.centroids()).isEqualTo(whole.centroids());
    assertThat(resumed.summary().trainingCost()).isEqualTo(whole.summary().trainingCost());
    assertThat(resumed.summary().numIter()).isEqualTo(whole.summary().numIter());
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void shouldNotWriteOverTheCheckpointOfAnotherFit() throws IOException {
    leaveCheckpoint();

    assertThatThrownBy(() -> estimator().setCheckpointURI(place()).fit(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iteration-000003 is there already");
    assertThatThrownBy(
            () -> estimator().setSeed(9).setCheckpointURI(place()).setResume(true).fit(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is of another run: its seed is 4 (expected 9, as now)");
    assertThat(folder.resolve("checkpoints/iteration-000003")).exists();
  }

  @Test
  void shouldKeepCheckpointsOfOneFitOnly() {
    assertThatThrownBy(() -> estimator().setNInit(2).setCheckpointURI(place()).fit(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nInit is 2 with checkpoints (expected 1");
  }

  /** What a driver leaves that dies after some iterations: nobody removes its checkpoints. */
  private void leaveCheckpoint() throws IOException {
    FlashKMeans estimator = estimator().setMaxIter(REACHED);
    DataFrameSource source = new DataFrameSource(data, FitCall.columns(estimator, data, null));
    try (VectorData rows =
        VectorData.open(LocalSpark.context(), source, LocalSpark.ENGINE, 0, Progress.silent())) {
      new CheckpointedFit(
              rows, FitCall.config(estimator, null), LocalSpark.ENGINE, Progress.silent())
          .run(
              new CheckpointSettings(place(), 1, false),
              LocalSpark.context().hadoopConfiguration());
    }
    assertThat(folder.resolve("checkpoints/iteration-000003")).exists();
  }

  private FlashKMeans estimator() {
    return new FlashKMeans().setK(40).setSeed(4).setTol(0).setMaxIter(60).setEngine("cpu");
  }

  private String place() {
    return folder.resolve("checkpoints").toString();
  }
}
