"""A k-means for each group of rows."""

from __future__ import annotations

from typing import Any, List, Optional

from pyspark import keyword_only
from pyspark.ml.linalg import Vector
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import DataFrame, SparkSession

from flashlloyd._java import FlashPersistable, java_class
from flashlloyd.clustering import FlashKMeansModel
from flashlloyd.params import FlashKMeansParams, FlashKMeansSetters


class _GroupParams(FlashKMeansParams):
    groupCol: Param[str] = Param(
        Params._dummy(),
        "groupCol",
        "group column name: strings, whole numbers, booleans or dates",
        typeConverter=TypeConverters.toString,
    )
    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "What transform does with rows of unknown groups: 'error', 'skip' or 'keep' (null).",
        typeConverter=TypeConverters.toString,
    )
    maxGroupSizeInMB: Param[float] = Param(
        Params._dummy(),
        "maxGroupSizeInMB",
        "Most memory in MB of a group that is fitted within one task; 0 for a task's share.",
        typeConverter=TypeConverters.toFloat,
    )

    def getGroupCol(self) -> str:
        """Column of groups."""
        return self.getOrDefault(self.groupCol)

    def getHandleInvalid(self) -> str:
        """``error``, ``skip`` or ``keep``."""
        return self.getOrDefault(self.handleInvalid)

    def getMaxGroupSizeInMB(self) -> float:
        """Most MB of a group that is fitted within one task."""
        return self.getOrDefault(self.maxGroupSizeInMB)


class FlashKMeansGroupModel(
    JavaModel, _GroupParams, FlashPersistable["FlashKMeansGroupModel"]
):
    """The models of all groups; assigns a row to the nearest centroid of its group."""

    @property
    def groups(self) -> List[str]:
        """The groups' values as strings, in order."""
        return list(self._java_obj.groups())

    @property
    def numFeatures(self) -> int:
        """Dimension of the rows that the model takes."""
        return self._call_java("numFeatures")

    def model(self, group: str) -> FlashKMeansModel:
        """One group's model, as a fit of that group alone would give it."""
        single = FlashKMeansModel(self._java_obj.model(group))
        single._transfer_params_from_java()
        return single

    def predict(self, group: str, value: Vector) -> int:
        """The cluster, within its group, of one vector, [numFeatures]."""
        return self._call_java("predict", group, value)

    @property
    def summary(self) -> DataFrame:
        """A row for each group: ``group``, ``rows``, ``k`` (clusters that it has),
        ``trainingCost`` (of these centroids), ``numIter``, ``converged``, ``clusterSizes`` [k]."""
        return DataFrame(self._java_obj.summary(), SparkSession.active())

    def setFeaturesCol(self, value: str) -> FlashKMeansGroupModel:
        """A column of MLlib vectors, ``array<float>`` or ``array<double>``."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> FlashKMeansGroupModel:
        """The column that ``transform`` adds."""
        return self._set(predictionCol=value)

    def setGroupCol(self, value: str) -> FlashKMeansGroupModel:
        """The column of groups."""
        return self._set(groupCol=value)

    def setHandleInvalid(self, value: str) -> FlashKMeansGroupModel:
        """``error``, ``skip`` or ``keep``."""
        return self._set(handleInvalid=value)


class FlashKMeansGroups(
    JavaEstimator[FlashKMeansGroupModel],
    FlashKMeansSetters,
    _GroupParams,
    FlashPersistable["FlashKMeansGroups"],
):
    """One exact k-means for each group of rows, all in one job. Each group's centroids have the
    bits of a :class:`FlashKMeans` with the same params fitted to that group alone."""

    @keyword_only
    def __init__(
        self,
        *,
        groupCol: Optional[str] = None,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        initMode: str = "k-means||",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: Optional[int] = None,
        engine: str = "auto",
        handleInvalid: str = "error",
        maxGroupSizeInMB: float = 0.0,
        verbose: bool = False,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(java_class(FlashKMeansGroups), self.uid)
        self._transfer_params_from_java()
        self._set(**self._input_kwargs)

    def setGroupCol(self, value: str) -> FlashKMeansGroups:
        """A column of strings, whole numbers, booleans or dates."""
        return self._set(groupCol=value)

    def setPredictionCol(self, value: str) -> FlashKMeansGroups:
        """The column that ``transform`` adds."""
        return self._set(predictionCol=value)

    def setHandleInvalid(self, value: str) -> FlashKMeansGroups:
        """``error``, ``skip`` or ``keep``."""
        return self._set(handleInvalid=value)

    def setMaxGroupSizeInMB(self, value: float) -> FlashKMeansGroups:
        """Most MB of a group that is fitted within one task; 0 for a task's share."""
        return self._set(maxGroupSizeInMB=value)

    def _create_model(self, java_model: Any) -> FlashKMeansGroupModel:
        return FlashKMeansGroupModel(java_model)
