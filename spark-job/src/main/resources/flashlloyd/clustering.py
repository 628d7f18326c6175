"""One k-means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Optional, Sequence, Union

import numpy as np
from pyspark import SparkContext, keyword_only
from pyspark.ml.clustering import KMeansModel
from pyspark.ml.common import _py2java
from pyspark.ml.linalg import Vector, Vectors
from pyspark.ml.param import Param, TypeConverters
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaWrapper
from pyspark.sql import DataFrame, SparkSession

from flashlloyd._java import FlashPersistable, centers, java_class
from flashlloyd.params import FlashKMeansParams, FlashKMeansSetters, _param

if TYPE_CHECKING:
    import pandas


class FlashKMeansSummary(JavaWrapper):
    """What a fit found. Not saved with the model."""

    @property
    def predictions(self) -> DataFrame:
        """The training rows with their prediction column."""
        return DataFrame(self._java_obj.predictions(), SparkSession.active())

    @property
    def cluster(self) -> DataFrame:
        """The prediction column alone."""
        return DataFrame(self._java_obj.cluster(), SparkSession.active())

    @property
    def predictionCol(self) -> str:
        """Its name."""
        return self._call_java("predictionCol")

    @property
    def featuresCol(self) -> str:
        """The features column's name."""
        return self._call_java("featuresCol")

    @property
    def k(self) -> int:
        """Clusters asked for."""
        return self._call_java("k")

    @property
    def numIter(self) -> int:
        """Lloyd iterations."""
        return self._call_java("numIter")

    @property
    def converged(self) -> bool:
        """Whether the fit stopped by itself, before ``maxIter`` ran out."""
        return self._call_java("converged")

    @property
    def clusterSizes(self) -> List[int]:
        """[k] rows of each cluster."""
        return list(self._java_obj.clusterSizes())

    @property
    def trainingCost(self) -> float:
        """Sum of squared distances of the rows from the model's centroids, in the features'
        unit squared; with cosine, the sum of ``1 - cos``."""
        return self._call_java("trainingCost")

    @property
    def costHistory(self) -> List[float]:
        """[numIter] training cost against the centroids before each iteration's update."""
        return list(self._java_obj.costHistory())

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each Lloyd iteration: ``iteration`` (from 1), ``trainingCost`` (before its
        update), ``centroidShift`` (the largest Euclidean move), ``movedRows``,
        ``emptyClusters``, ``unscreenedRows`` (bounds said enough), ``seconds`` (wall time).
        Needs pandas."""
        import pandas

        return pandas.DataFrame(
            [
                (
                    report.iteration(),
                    report.trainingCost(),
                    report.centroidShift(),
                    report.movedRows(),
                    report.emptyClusters(),
                    report.unscreenedRows(),
                    report.seconds().get("total"),
                )
                for report in self._java_obj.iterations()
            ],
            columns=[
                "iteration",
                "trainingCost",
                "centroidShift",
                "movedRows",
                "emptyClusters",
                "unscreenedRows",
                "seconds",
            ],
        )


class FlashKMeansModel(JavaModel, FlashKMeansParams, FlashPersistable["FlashKMeansModel"]):
    """Centroids that :class:`FlashKMeans` found; assigns rows to the nearest."""

    def clusterCenters(self) -> List[np.ndarray]:
        """The centroids, float64 arrays of float32 values, [numFeatures] each, by cluster index;
        k of them, or as many as there were distinct rows."""
        return centers(self._java_obj)

    @property
    def numFeatures(self) -> int:
        """Dimension of the rows that the model takes."""
        return self._call_java("numFeatures")

    def predict(self, value: Vector) -> int:
        """The cluster of one vector, [numFeatures]."""
        return self._call_java("predict", value)

    @property
    def hasSummary(self) -> bool:
        """Whether this model comes from a fit, and not from a file."""
        return self._call_java("hasSummary")

    @property
    def summary(self) -> FlashKMeansSummary:
        """What the fit found; an error for a model that was loaded."""
        return FlashKMeansSummary(self._java_obj.summary())

    def setFeaturesCol(self, value: str) -> FlashKMeansModel:
        """A column of MLlib vectors, ``array<float>`` or ``array<double>``."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> FlashKMeansModel:
        """The column that ``transform`` adds."""
        return self._set(predictionCol=value)


class FlashKMeans(
    JavaEstimator[FlashKMeansModel], FlashKMeansSetters, FlashPersistable["FlashKMeans"]
):
    """Exact k-means with the params of :class:`pyspark.ml.clustering.KMeans`.

    ``fit(frame)`` clusters the features column and returns a :class:`FlashKMeansModel` of k
    centroids, or of as many as there are distinct rows.
    """

    checkpointURI: Param[str] = _param(
        "checkpointURI",
        "Folder for the state after each iteration, emptied when the fit has ended.",
        TypeConverters.toString,
    )
    checkpointEvery: Param[int] = _param(
        "checkpointEvery", "Iterations from one checkpoint to the next.", TypeConverters.toInt
    )
    resume: Param[bool] = _param(
        "resume", "Whether to go on from the newest checkpoint.", TypeConverters.toBoolean
    )

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        initMode: str = "k-means||",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: Optional[int] = None,
        distanceMeasure: str = "euclidean",
        weightCol: Optional[str] = None,
        solver: str = "auto",
        maxBlockSizeInMB: float = 0.0,
        nInit: int = 1,
        emptyCluster: str = "keep",
        engine: str = "auto",
        verbose: bool = False,
        checkpointURI: Optional[str] = None,
        checkpointEvery: int = 1,
        resume: bool = False,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(java_class(FlashKMeans), self.uid)
        self._transfer_params_from_java()
        self._set(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        initMode: str = "k-means||",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: Optional[int] = None,
        distanceMeasure: str = "euclidean",
        weightCol: Optional[str] = None,
        solver: str = "auto",
        maxBlockSizeInMB: float = 0.0,
        nInit: int = 1,
        emptyCluster: str = "keep",
        engine: str = "auto",
        verbose: bool = False,
        checkpointURI: Optional[str] = None,
        checkpointEvery: int = 1,
        resume: bool = False,
    ) -> FlashKMeans:
        """Sets the params that are given."""
        return self._set(**self._input_kwargs)

    def setPredictionCol(self, value: str) -> FlashKMeans:
        """The column that ``transform`` adds."""
        return self._set(predictionCol=value)

    def setWeightCol(self, value: str) -> FlashKMeans:
        """A numeric column, finite and at least 0."""
        return self._set(weightCol=value)

    def setCheckpointURI(self, value: str) -> FlashKMeans:
        """A folder on any file system that Hadoop knows; emptied when the fit has ended."""
        return self._set(checkpointURI=value)

    def setCheckpointEvery(self, value: int) -> FlashKMeans:
        """Iterations from one checkpoint to the next, at least 1."""
        return self._set(checkpointEvery=value)

    def setResume(self, value: bool) -> FlashKMeans:
        """Goes on from the newest checkpoint; the same bits as a fit that nobody killed."""
        return self._set(resume=value)

    def setInitialModel(self, model: Union[FlashKMeansModel, KMeansModel]) -> FlashKMeans:
        """Starts fits from where another ended, ours or MLlib's; sets k to its centroids' number."""
        self._java_obj.setInitialModel(model._java_obj)
        return self._set(k=len(model.clusterCenters()))

    def setInitialCentroids(self, centroids: Sequence[Any]) -> FlashKMeans:
        """Starts fits from these centroids, [k x numFeatures], narrowed to float32; sets k."""
        context = SparkContext._active_spark_context
        vectors = [_py2java(context, Vectors.dense(center)) for center in centroids]
        java_vector = context._gateway.jvm.org.apache.spark.ml.linalg.Vector
        self._java_obj.setInitialCentroids(self._new_java_array(vectors, java_vector))
        return self._set(k=len(vectors))

    def _create_model(self, java_model: Any) -> FlashKMeansModel:
        return FlashKMeansModel(java_model)
