"""Exact k-means for PySpark: thin wrappers of the estimators in Flash-Lloyd's cluster jar.

The package lies at the root of that jar: ``--packages``, or the jar in both ``--jars`` and
``--py-files``, is all it takes.

    from flashlloyd import FlashKMeans

    model = FlashKMeans(k=64, seed=1).fit(frame)
    model.transform(frame).groupBy("prediction").count().show()

Features are MLlib vectors, ``array<float>`` or ``array<double>``; float64 is narrowed to float32
once. The result is a function of the multiset of rows, the params and the seed: no partitioning,
executor count or engine changes a bit of it.
"""

import sys

from flashlloyd.clustering import FlashKMeans, FlashKMeansModel, FlashKMeansSummary
from flashlloyd.groups import FlashKMeansGroupModel, FlashKMeansGroups
from flashlloyd.quantizer import FlashProductQuantizer, FlashProductQuantizerModel

__all__ = [
    "FlashKMeans",
    "FlashKMeansGroupModel",
    "FlashKMeansGroups",
    "FlashKMeansModel",
    "FlashKMeansSummary",
    "FlashProductQuantizer",
    "FlashProductQuantizerModel",
]

# A saved Pipeline names its stages by their Java classes, and PySpark imports the Python class of
# the same module and name: "io.flashlloyd.spark.FlashKMeans". This makes it find ours.
sys.modules.setdefault("io.flashlloyd.spark", sys.modules[__name__])
