package io.flashlloyd.spark.report.ui;

import io.flashlloyd.spark.report.LiveRuns;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.spark.ui.UIUtils$;
import org.apache.spark.ui.WebUIPage;
import scala.Function0;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The only page of the tab: the run that began last, and a line for each before it. */
final class KMeansPage extends WebUIPage {
  private final KMeansTab tab;

  KMeansPage(KMeansTab tab) {
    super("");
    this.tab = tab;
  }

  @Override
  public Seq<Node> render(HttpServletRequest request) {
    List<Node> content = List.of(new Unparsed(RunHtml.of(LiveRuns.all())));
    Function0<Seq<Node>> nodes = () -> CollectionConverters.asScala(content).toSeq();
    return UIUtils$.MODULE$.headerSparkPage(
        request, "k-means", nodes, tab, Option.empty(), false, false);
  }
}
