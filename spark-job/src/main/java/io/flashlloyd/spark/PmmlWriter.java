package io.flashlloyd.spark;

import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.util.MLFormatRegister;
import org.apache.spark.ml.util.MLWriterFormat;
import org.apache.spark.sql.SparkSession;

/**
 * The format "pmml" of a saved model: one XML text, written by MLlib. Public because Spark finds it
 * as a service.
 */
public final class PmmlWriter implements MLWriterFormat, MLFormatRegister {
  @Override
  public String format() {
    return "pmml";
  }

  @Override
  public String stageName() {
    return FlashKMeansModel.class.getName();
  }

  @Override
  public void write(
      String path,
      SparkSession spark,
      scala.collection.mutable.Map<String, String> options,
      PipelineStage stage) {
    MllibModel.parent((FlashKMeansModel) stage).toPMML(spark.sparkContext(), path);
  }
}
