"""Product quantization."""

from __future__ import annotations

from typing import Any, Optional

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import DataFrame, SparkSession

from flashlloyd._java import FlashPersistable, java_class
from flashlloyd.clustering import FlashKMeansModel
from flashlloyd.params import FlashKMeansParams, FlashKMeansSetters


class _QuantizerParams(FlashKMeansParams):
    subspaces: Param[int] = Param(
        Params._dummy(),
        "subspaces",
        "Number of contiguous slices of one length; divides the vectors' dimension.",
        typeConverter=TypeConverters.toInt,
    )
    outputCol: Param[str] = Param(
        Params._dummy(), "outputCol", "output column name", typeConverter=TypeConverters.toString
    )

    def getSubspaces(self) -> int:
        """Into how many slices vectors are cut."""
        return self.getOrDefault(self.subspaces)

    def getOutputCol(self) -> str:
        """Column of codes."""
        return self.getOrDefault(self.outputCol)


class FlashProductQuantizerModel(
    JavaModel, _QuantizerParams, FlashPersistable["FlashProductQuantizerModel"]
):
    """Codebooks of all slices. ``transform`` adds the codes: ``binary``, an unsigned byte for each
    subspace, where k is at most 256, else ``array<smallint>``."""

    @property
    def numFeatures(self) -> int:
        """Dimension of the rows that the model takes."""
        return self._call_java("numFeatures")

    def codebook(self, subspace: int) -> FlashKMeansModel:
        """One slice's codebook, [k x numFeatures / subspaces]."""
        return FlashKMeansModel(self._java_obj.codebook(subspace))

    def reconstruct(self, dataset: DataFrame, column: str) -> DataFrame:
        """Adds a column ``array<float>``, [numFeatures], of the vectors that the codes stand for."""
        self._transfer_params_to_java()
        return DataFrame(self._java_obj.reconstruct(dataset._jdf, column), dataset.sparkSession)

    @property
    def summary(self) -> DataFrame:
        """A row for each subspace: ``subspace``, ``rows``, ``k``, ``trainingCost``, ``numIter``,
        ``converged``, ``clusterSizes`` [k]."""
        return DataFrame(self._java_obj.summary(), SparkSession.active())

    def setFeaturesCol(self, value: str) -> FlashProductQuantizerModel:
        """A column of MLlib vectors, ``array<float>`` or ``array<double>``."""
        return self._set(featuresCol=value)

    def setOutputCol(self, value: str) -> FlashProductQuantizerModel:
        """The column of codes."""
        return self._set(outputCol=value)


class FlashProductQuantizer(
    JavaEstimator[FlashProductQuantizerModel],
    FlashKMeansSetters,
    _QuantizerParams,
    FlashPersistable["FlashProductQuantizer"],
):
    """Clusters each of ``subspaces`` contiguous slices of the vectors into ``k`` centroids. Each
    codebook has the bits of a :class:`FlashKMeans` fitted to that slice alone."""

    @keyword_only
    def __init__(
        self,
        *,
        subspaces: int = 8,
        featuresCol: str = "features",
        outputCol: str = "codes",
        k: int = 256,
        initMode: str = "k-means||",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: Optional[int] = None,
        engine: str = "auto",
        verbose: bool = False,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(java_class(FlashProductQuantizer), self.uid)
        self._transfer_params_from_java()
        self._set(**self._input_kwargs)

    def setSubspaces(self, value: int) -> FlashProductQuantizer:
        """Number of contiguous slices, of one length; divides the vectors' dimension."""
        return self._set(subspaces=value)

    def setOutputCol(self, value: str) -> FlashProductQuantizer:
        """The column of codes."""
        return self._set(outputCol=value)

    def _create_model(self, java_model: Any) -> FlashProductQuantizerModel:
        return FlashProductQuantizerModel(java_model)
