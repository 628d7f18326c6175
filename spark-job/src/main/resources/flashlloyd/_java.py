"""What all wrappers share: the way to their Java classes and back."""

from __future__ import annotations

from typing import Any, Generic, List, TypeVar

import numpy as np
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable

_PACKAGE = "io.flashlloyd.spark."

T = TypeVar("T")


def java_class(python_class: type) -> str:
    """The Java class of the same name."""
    return _PACKAGE + python_class.__name__


class FlashReader(JavaMLReader, Generic[T]):
    """Reads what the Java class of the same name wrote."""

    @classmethod
    def _java_loader_class(cls, clazz: Any) -> str:
        return java_class(clazz)


class FlashPersistable(JavaMLWritable, JavaMLReadable, Generic[T]):
    """Saved and loaded by the Java class: ``save(path)``, ``write().overwrite().save(path)``,
    ``load(path)``. The files are the same as from Java and Scala."""

    @classmethod
    def read(cls) -> FlashReader:
        return FlashReader(cls)


def centers(java_model: Any) -> List[np.ndarray]:
    """The model's centroids as float64 arrays, [dimension] each, by cluster index."""
    return [np.array(center.toArray(), dtype=np.float64) for center in java_model.clusterCenters()]
