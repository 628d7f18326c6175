package io.flashlloyd.spark.run;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.report.RunReport;

/** What reports of runs over all rows have in common. */
final class Reported {
  private Reported() {}

  static RunReport.Input input(VectorData data, VectorDataset dataset) {
    return new RunReport.Input(
        data.rows(),
        data.dimension(),
        dataset.type().label(),
        dataset.files(),
        dataset.inputFiles());
  }

  /** What it took; {@code pass} is the one that wrote assignments. */
  static RunReport.Work work(VectorData data, PassResult pass, Timeline time) {
    return new RunReport.Work(
        pass.engine(),
        time.seconds(),
        new RunReport.PassStages(data.readStages().seconds(), pass.stages().seconds()));
  }
}
