package io.flashlloyd.spark.report.ui;

import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;

/**
 * The tab. Spark has no public way to add one: its classes are {@code private[spark]}, which
 * Scala's compiler enforces and Java's does not know. Tabs of other projects hang on the same
 * classes.
 */
public final class KMeansTab extends SparkUITab {
  private KMeansTab(SparkUI ui) {
    super(ui, "k-means");
  }

  /** Adds the tab to a UI. */
  public static void attach(SparkUI ui) {
    KMeansTab tab = new KMeansTab(ui);
    tab.attachPage(new KMeansPage(tab));
    ui.attachTab(tab);
  }

  @Override
  public String name() {
    return "k-means";
  }
}
