"""The params of all estimators and models, with MLlib's names where MLlib has them."""

from __future__ import annotations

from typing import TypeVar

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.wrapper import JavaParams

P = TypeVar("P", bound="FlashKMeansParams")


def _param(name: str, doc: str, converter: object) -> Param:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class FlashKMeansParams(JavaParams):
    """Params that estimators and models share. Defaults are those of the Java class."""

    featuresCol: Param[str] = _param(
        "featuresCol",
        "features column name: vectors, array<float> or array<double>",
        TypeConverters.toString,
    )
    predictionCol: Param[str] = _param(
        "predictionCol", "prediction column name: int, the cluster's index", TypeConverters.toString
    )
    weightCol: Param[str] = _param(
        "weightCol",
        "weight column name. If this is not set or empty, all weights are 1.0",
        TypeConverters.toString,
    )
    k: Param[int] = _param(
        "k", "The number of clusters to create. Must be > 1.", TypeConverters.toInt
    )
    maxIter: Param[int] = _param(
        "maxIter", "maximum number of iterations (>= 0)", TypeConverters.toInt
    )
    tol: Param[float] = _param(
        "tol",
        "the largest move (Euclidean) of a centroid at which the fit ends (>= 0);"
        " 0 ends it when no row moved",
        TypeConverters.toFloat,
    )
    seed: Param[int] = _param("seed", "random seed", TypeConverters.toInt)
    initMode: Param[str] = _param(
        "initMode",
        "The initialization algorithm: 'random' or 'k-means||'.",
        TypeConverters.toString,
    )
    initSteps: Param[int] = _param(
        "initSteps", "The number of rounds of k-means||. Must be > 0.", TypeConverters.toInt
    )
    distanceMeasure: Param[str] = _param(
        "distanceMeasure", "The distance measure: 'euclidean' or 'cosine'.", TypeConverters.toString
    )
    solver: Param[str] = _param(
        "solver", "Kept for MLlib's pipelines; has no effect.", TypeConverters.toString
    )
    maxBlockSizeInMB: Param[float] = _param(
        "maxBlockSizeInMB", "Kept for MLlib's pipelines; has no effect.", TypeConverters.toFloat
    )
    nInit: Param[int] = _param(
        "nInit",
        "The number of fits from different initial centroids; the one of least cost is kept.",
        TypeConverters.toInt,
    )
    emptyCluster: Param[str] = _param(
        "emptyCluster",
        "What becomes of a cluster without rows: 'keep' or 'split'.",
        TypeConverters.toString,
    )
    engine: Param[str] = _param(
        "engine",
        "What does the arithmetic: 'auto', 'cpu', 'gpu' or 'reference'. Same result.",
        TypeConverters.toString,
    )
    chunkSizeInMB: Param[float] = _param(
        "chunkSizeInMB", "Most memory in MB of one chunk of rows. Same result.", TypeConverters.toFloat
    )
    verbose: Param[bool] = _param(
        "verbose", "Whether a fit shows its progress, as one updating line.", TypeConverters.toBoolean
    )

    def getFeaturesCol(self) -> str:
        """Column of vectors."""
        return self.getOrDefault(self.featuresCol)

    def getPredictionCol(self) -> str:
        """Column that ``transform`` adds."""
        return self.getOrDefault(self.predictionCol)

    def getWeightCol(self) -> str:
        """Column of weights; an error where it is not set."""
        return self.getOrDefault(self.weightCol)

    def getK(self) -> int:
        """Clusters asked for."""
        return self.getOrDefault(self.k)

    def getMaxIter(self) -> int:
        """Most Lloyd iterations."""
        return self.getOrDefault(self.maxIter)

    def getTol(self) -> float:
        """The fit ends when no centroid moved farther than this."""
        return self.getOrDefault(self.tol)

    def getSeed(self) -> int:
        """Seed of the initialization."""
        return self.getOrDefault(self.seed)

    def getInitMode(self) -> str:
        """``k-means||`` or ``random``."""
        return self.getOrDefault(self.initMode)

    def getInitSteps(self) -> int:
        """Rounds of k-means||."""
        return self.getOrDefault(self.initSteps)

    def getDistanceMeasure(self) -> str:
        """``euclidean`` or ``cosine``."""
        return self.getOrDefault(self.distanceMeasure)

    def getNInit(self) -> int:
        """Fits of which the best is kept."""
        return self.getOrDefault(self.nInit)

    def getEmptyCluster(self) -> str:
        """``keep`` or ``split``."""
        return self.getOrDefault(self.emptyCluster)

    def getEngine(self) -> str:
        """``auto``, ``cpu``, ``gpu`` or ``reference``."""
        return self.getOrDefault(self.engine)

    def getVerbose(self) -> bool:
        """Whether a fit shows its progress."""
        return self.getOrDefault(self.verbose)


class FlashKMeansSetters(FlashKMeansParams):
    """Setters of all estimators; each returns the estimator."""

    def setFeaturesCol(self: P, value: str) -> P:
        """A column of MLlib vectors, ``array<float>`` or ``array<double>``."""
        return self._set(featuresCol=value)

    def setK(self: P, value: int) -> P:
        """Most clusters, at least 2; fewer only where there are fewer distinct rows."""
        return self._set(k=value)

    def setMaxIter(self: P, value: int) -> P:
        """Most Lloyd iterations; 0 for the initial centroids."""
        return self._set(maxIter=value)

    def setTol(self: P, value: float) -> P:
        """The fit ends when no centroid moved farther than this; at 0, when no row moved."""
        return self._set(tol=value)

    def setSeed(self: P, value: int) -> P:
        """Seed of the initialization, 64 bits."""
        return self._set(seed=value)

    def setInitMode(self: P, value: str) -> P:
        """``k-means||`` or ``random``."""
        return self._set(initMode=value)

    def setInitSteps(self: P, value: int) -> P:
        """Rounds of k-means||, at least 1."""
        return self._set(initSteps=value)

    def setDistanceMeasure(self: P, value: str) -> P:
        """``euclidean`` or ``cosine``."""
        return self._set(distanceMeasure=value)

    def setNInit(self: P, value: int) -> P:
        """Fits from different initial centroids, of which the one of least cost is kept."""
        return self._set(nInit=value)

    def setEmptyCluster(self: P, value: str) -> P:
        """``keep`` or ``split``."""
        return self._set(emptyCluster=value)

    def setEngine(self: P, value: str) -> P:
        """``auto``, ``cpu``, ``gpu`` or ``reference``; the same result."""
        return self._set(engine=value)

    def setChunkSizeInMB(self: P, value: float) -> P:
        """Most memory in MB of one chunk of rows; the same result."""
        return self._set(chunkSizeInMB=value)

    def setVerbose(self: P, value: bool) -> P:
        """Whether a fit shows its progress, as one updating line on standard error."""
        return self._set(verbose=value)
