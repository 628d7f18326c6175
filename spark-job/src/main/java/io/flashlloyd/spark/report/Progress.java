package io.flashlloyd.spark.report;

import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** Told of what a job does, stage by stage. Driver side. */
public interface Progress {
  /**
   * A stage begins that will go through {@code rows} rows, or an unknown number where it is
   * negative.
   */
  Stage stage(String name, long rows);

  /** Something worth a line of its own. */
  void message(String text);

  /** The iteration that just ended. */
  void iteration(IterationReport report);

  /** The same without messages, for a run that is part of another. */
  default Progress stages() {
    Progress all = this;
    return new Progress() {
      @Override
      public Stage stage(String name, long rows) {
        return all.stage(name, rows);
      }

      @Override
      public void message(String text) {}

      @Override
      public void iteration(IterationReport report) {
        all.iteration(report);
      }
    };
  }

  /** Says nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public Stage stage(String name, long rows) {
        return Stage.silent();
      }

      @Override
      public void message(String text) {}

      @Override
      public void iteration(IterationReport report) {}
    };
  }

  /** A stage under way. */
  interface Stage extends AutoCloseable {
    /** The stage's rows are counted by this accumulator. */
    void watch(SparkContext spark, LongAccumulator counter);

    /** The stage went through all its rows; one that is closed without this has failed. */
    void done();

    @Override
    void close();

    /** Says nothing. */
    static Stage silent() {
      return new Stage() {
        @Override
        public void watch(SparkContext spark, LongAccumulator counter) {}

        @Override
        public void done() {}

        @Override
        public void close() {}
      };
    }
  }
}
