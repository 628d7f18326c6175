package io.flashlloyd.spark;

import java.util.Arrays;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import scala.jdk.javaapi.CollectionConverters;

/** Our model as MLlib's. */
final class MllibModel {
  private MllibModel() {}

  static KMeansModel of(FlashKMeansModel model) {
    KMeansModel mllib = new KMeansModel(model.uid(), parent(model));
    for (ParamPair<?> pair : CollectionConverters.asJava(model.extractParamMap().toSeq())) {
      String name = pair.param().name();
      if (mllib.hasParam(name)) { // then it takes the same values
        mllib.set(mllib.getParam(name), pair.value());
      }
    }
    return mllib;
  }

  /** What MLlib's model is a shell of; it also knows how to write PMML. */
  static org.apache.spark.mllib.clustering.KMeansModel parent(FlashKMeansModel model) {
    Vector[] centers =
        Arrays.stream(model.clusterCenters()).map(Vectors::fromML).toArray(Vector[]::new);
    double cost = model.hasSummary() ? model.summary().trainingCost() : 0;
    int iterations = model.hasSummary() ? model.summary().numIter() : -1;
    return new org.apache.spark.mllib.clustering.KMeansModel(
        centers, model.getDistanceMeasure(), cost, iterations);
  }
}
