package io.flashlloyd.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What {@link FlashKMeans} and {@link FlashKMeansModel} can be asked about their params: the params
 * of MLlib's {@code KMeans} by the same names, and our own. Public because Spark ML finds params by
 * reflection.
 */
public interface FlashKMeansParams extends Params {
  /** The params themselves. */
  KMeansParamSet paramSet();

  default Param<String> featuresCol() {
    return paramSet().featuresCol;
  }

  default Param<String> predictionCol() {
    return paramSet().predictionCol;
  }

  default Param<String> weightCol() {
    return paramSet().weightCol;
  }

  default IntParam k() {
    return paramSet().k;
  }

  default IntParam maxIter() {
    return paramSet().maxIter;
  }

  default DoubleParam tol() {
    return paramSet().tol;
  }

  default LongParam seed() {
    return paramSet().seed;
  }

  default Param<String> initMode() {
    return paramSet().initMode;
  }

  default IntParam initSteps() {
    return paramSet().initSteps;
  }

  default Param<String> distanceMeasure() {
    return paramSet().distanceMeasure;
  }

  default Param<String> solver() {
    return paramSet().solver;
  }

  default DoubleParam maxBlockSizeInMB() {
    return paramSet().maxBlockSizeInMB;
  }

  default IntParam nInit() {
    return paramSet().nInit;
  }

  default Param<String> emptyCluster() {
    return paramSet().emptyCluster;
  }

  default Param<String> engine() {
    return paramSet().engine;
  }

  default DoubleParam chunkSizeInMB() {
    return paramSet().chunkSizeInMB;
  }

  default BooleanParam verbose() {
    return paramSet().verbose;
  }

  /** Column of vectors, {@code array<float>} or {@code array<double>}. */
  default String getFeaturesCol() {
    return getOrDefault(featuresCol());
  }

  /** Column that {@code transform} adds. */
  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** Column of weights; throws where it is not set. */
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** Clusters asked for. */
  default int getK() {
    return (Integer) getOrDefault(k());
  }

  /** Most Lloyd iterations. */
  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  /** The fit ends when no centroid moved farther than this; at 0, when no row moved. */
  default double getTol() {
    return (Double) getOrDefault(tol());
  }

  /** Seed of the initialization. */
  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  /** {@code k-means||} or {@code random}. */
  default String getInitMode() {
    return getOrDefault(initMode());
  }

  /** Rounds of k-means||. */
  default int getInitSteps() {
    return (Integer) getOrDefault(initSteps());
  }

  /** {@code euclidean} or {@code cosine}. */
  default String getDistanceMeasure() {
    return getOrDefault(distanceMeasure());
  }

  /** Kept for MLlib's pipelines; has no effect. */
  default String getSolver() {
    return getOrDefault(solver());
  }

  /** Kept for MLlib's pipelines; has no effect. */
  default double getMaxBlockSizeInMB() {
    return (Double) getOrDefault(maxBlockSizeInMB());
  }

  /** Fits from different initial centroids, of which the best is kept. */
  default int getNInit() {
    return (Integer) getOrDefault(nInit());
  }

  /** {@code keep} or {@code split}. */
  default String getEmptyCluster() {
    return getOrDefault(emptyCluster());
  }

  /** {@code auto}, {@code cpu}, {@code gpu} or {@code reference}. */
  default String getEngine() {
    return getOrDefault(engine());
  }

  /** Most MiB of one chunk of rows. */
  default double getChunkSizeInMB() {
    return (Double) getOrDefault(chunkSizeInMB());
  }

  /** Whether a fit shows its progress. */
  default boolean getVerbose() {
    return (Boolean) getOrDefault(verbose());
  }
}
