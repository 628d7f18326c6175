package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.report.Costs;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.PlainText;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.report.RowCounter;
import java.io.PrintStream;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * One live line for the stage under way on a terminal; elsewhere a plain line for each stage and
 * iteration. Written to standard error, so that standard output stays the command's own.
 */
final class ConsoleProgress implements Progress {
  private static final long REDRAW_MILLIS = 500;

  private final PrintStream out;
  private final boolean live;

  ConsoleProgress(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** On standard error; live where the launcher saw that this is a terminal. */
  static ConsoleProgress standard() {
    return new ConsoleProgress(System.err, System.getenv("FLASHLLOYD_TERMINAL") != null);
  }

  @Override
  public Stage stage(String name, long rows) {
    return new Line(name, rows);
  }

  @Override
  public void message(String text) {
    print(text);
  }

  @Override
  public void iteration(IterationReport report) {
    print(
        "iteration %3d  cost %s  moved %s  shift %.3g%s%s  %.2f s"
            .formatted(
                report.iteration(),
                Costs.of(report.trainingCost()),
                Counts.of(report.movedRows(), "row"),
                report.centroidShift(),
                report.emptyClusters() == 0 ? "" : "  empty " + report.emptyClusters(),
                report.unscreenedRows() == 0
                    ? ""
                    : "  unscreened " + Counts.of(report.unscreenedRows(), "row"),
                report.seconds().get("total")));
  }

  private void print(String text) {
    synchronized (out) {
      out.println((live ? "\r\u001b[K" : "") + PlainText.line(text));
    }
  }

  /** The line of one stage. */
  private final class Line implements Stage {
    private final String name;
    private final long rows;
    private final long start = System.nanoTime();
    private final Timer timer = new Timer("progress", true);
    private RowCounter counter;
    private boolean done;

    Line(String name, long rows) {
      this.name = PlainText.line(name);
      this.rows = rows;
    }

    @Override
    public void watch(SparkContext spark, LongAccumulator rowsDone) {
      counter = RowCounter.of(spark, rowsDone);
      if (live) {
        timer.schedule(
            new TimerTask() {
              @Override
              public void run() {
                redraw();
              }
            },
            REDRAW_MILLIS,
            REDRAW_MILLIS);
      }
    }

    private void redraw() {
      synchronized (out) {
        out.print("\r\u001b[K" + StageLine.of(name, rows, counter.rows(), seconds()));
        out.flush();
      }
    }

    private double seconds() {
      return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void close() {
      timer.cancel();
      if (counter == null) {
        return;
      }
      counter.close();
      if (!done && live) {
        out.print("\r\u001b[K");
      }
      if (done && !name.startsWith("iteration")) {
        print(StageLine.ended(name, Math.max(rows, counter.rows()), seconds()));
      }
    }
  }
}
